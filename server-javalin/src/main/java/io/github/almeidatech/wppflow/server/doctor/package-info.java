/**
 * What is wrong with a configuration and the systems that it names, found before customers find it. Begin with
 * {@link io.github.almeidatech.wppflow.server.doctor.Doctor}.
 */
@NullMarked
package io.github.almeidatech.wppflow.server.doctor;

import org.jspecify.annotations.NullMarked;
