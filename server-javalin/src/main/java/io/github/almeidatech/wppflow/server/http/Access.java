package io.github.almeidatech.wppflow.server.http;

import io.javalin.security.RouteRole;

/** What a route demands of its caller. A route that declares nothing is refused. */
enum Access implements RouteRole {
    /** Nothing: only liveness, and the webhooks, which authenticate themselves. */
    PUBLIC,
    /** A token that may read. */
    READ,
    /** A token that may write. */
    WRITE,
    /** Besides a token: a signature in the request, which the route judges by itself. */
    SIGNED,
    /** A token that may administrate. */
    ADMIN
}
