/**
 * The HTTP surface: one envelope, one way to authenticate, one way to read a body, one class for the routes of each
 * module. Begin with {@link io.github.almeidatech.wppflow.server.http.HttpServer}.
 */
@NullMarked
package io.github.almeidatech.wppflow.server.http;

import org.jspecify.annotations.NullMarked;
