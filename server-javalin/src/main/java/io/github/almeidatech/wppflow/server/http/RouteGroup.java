package io.github.almeidatech.wppflow.server.http;

import io.javalin.config.RoutesConfig;

/** The routes of one module. */
interface RouteGroup {

    void register(RoutesConfig routes);
}
