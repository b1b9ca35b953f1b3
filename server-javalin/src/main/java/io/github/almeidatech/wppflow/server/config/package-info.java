/**
 * What can be set: one YAML file, environment variables on top, secrets only by reference. Begin with
 * {@link io.github.almeidatech.wppflow.server.config.ConfigReader}; every key is a component of
 * {@link io.github.almeidatech.wppflow.server.config.Config}.
 */
@NullMarked
package io.github.almeidatech.wppflow.server.config;

import org.jspecify.annotations.NullMarked;
