package io.github.almeidatech.wppflow.benchmarks;

import io.javalin.Javalin;

/** A bare Javalin that reads a body and gives it back: what HTTP alone costs here. Listens on {@code PORT}. */
final class Echo {

    private Echo() {}

    /** Runs until it is killed. */
    public static void main(String[] args) {
        Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.routes.get("/health", ctx -> ctx.result("ok"));
                    config.routes.post("/echo", ctx -> ctx.result(ctx.bodyAsBytes()));
                })
                .start("127.0.0.1", Integer.parseInt(System.getenv("PORT")));
    }
}
