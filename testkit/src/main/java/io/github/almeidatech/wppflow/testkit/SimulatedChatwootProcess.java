package io.github.almeidatech.wppflow.testkit;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * A {@link SimulatedChatwoot} as a process of its own: starts, prints one JSON line with its addresses, tokens and secrets,
 * and runs until it is stopped.
 *
 * <pre>{@code
 * java -cp … io.github.almeidatech.wppflow.testkit.SimulatedChatwootProcess \
 *     [--port N] [--data DIR] [--version 4.15.1] [--agent-bot-url URL] [--account-webhook-url URL]
 * }</pre>
 */
public final class SimulatedChatwootProcess {

    private static final String USAGE =
            "usage: [--port N] [--data DIR] [--version X.Y.Z] [--agent-bot-url URL] [--account-webhook-url URL]";

    private SimulatedChatwootProcess() {}

    /** Starts it and returns; its threads keep the process alive. */
    public static void main(String[] args) {
        try {
            var chatwoot = start(List.of(args), System.out);
            Runtime.getRuntime().addShutdownHook(new Thread(chatwoot::close));
            Thread.currentThread().join();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            System.exit(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static SimulatedChatwoot start(List<String> args, PrintStream out) {
        var builder = SimulatedChatwoot.builder();
        URI agentBot = null;
        URI account = null;
        for (Iterator<String> options = args.iterator(); options.hasNext(); ) {
            var option = options.next();
            if (!options.hasNext()) {
                throw new IllegalArgumentException("no value for " + option);
            }
            var value = options.next();
            switch (option) {
                case "--port" -> builder.port(Integer.parseInt(value));
                case "--data" -> builder.directory(Path.of(value));
                case "--version" -> builder.version(value);
                case "--agent-bot-url" -> agentBot = URI.create(value);
                case "--account-webhook-url" -> account = URI.create(value);
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        var chatwoot = builder.start();
        var line = RailsJson.object()
                .put("chatwoot", chatwoot.baseUrl().toString())
                .put("page", chatwoot.baseUrl() + "/")
                .put("account_id", chatwoot.accountId())
                .put("bot_token", chatwoot.botToken())
                .put("user_token", chatwoot.userToken());
        if (agentBot != null) {
            line.put("agent_bot_secret", chatwoot.connectAgentBot(agentBot).secret());
        }
        if (account != null) {
            line.put(
                    "account_webhook_secret",
                    chatwoot.addAccountWebhook(account).secret());
        }
        out.println(RailsJson.text(line));
        return chatwoot;
    }
}
