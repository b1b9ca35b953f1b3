package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.testkit.Router.Access;
import io.github.almeidatech.wppflow.testkit.Router.Caller;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chatwoot's access rules: token, then what bots may do, then the account, then the role. Refusals are always 401. */
final class ApiGate implements Router.Gate {

    private final Installation installation;

    ApiGate(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Caller check(Access access, SeenRequest request, Map<String, String> path) {
        if (access.open()) {
            return new Caller(null, null);
        }
        var token = request.header("api_access_token").or(() -> request.header("Api-Access-Token"));
        if (token.isEmpty()) {
            var body = RailsJson.object();
            body.putArray("errors").add("You need to sign in or sign up before continuing.");
            return new Caller(null, Answer.json(401, body));
        }
        var who = installation.read(() -> caller(token.get()));
        if (who.isEmpty()) {
            return refused("Invalid Access Token");
        }
        boolean bot = who.get() instanceof Rows.Bot;
        if (bot && !botAllowed(access.botsSince())) {
            return refused("Access to this endpoint is not authorized for bots");
        }
        if (!String.valueOf(installation.settings().accountId()).equals(path.get("account"))) {
            return refused(
                    bot
                            ? "Bot is not authorized to access this account"
                            : "You are not authorized to access this account");
        }
        if (access.administrators() && who.get() instanceof Rows.User user && !user.role.equals("administrator")) {
            return refused("You are not authorized to do this action");
        }
        return new Caller(who.get(), null);
    }

    private boolean botAllowed(@Nullable String since) {
        return since != null && installation.settings().version().atLeast(since);
    }

    private static Caller refused(String error) {
        return new Caller(null, Answer.error(401, error));
    }

    private Optional<Object> caller(String token) {
        Optional<Object> user = installation.users.values().stream()
                .filter(row -> row.token.equals(token))
                .map(row -> (Object) row)
                .findFirst();
        return user.or(() -> installation.bots.values().stream()
                .filter(row -> row.token.equals(token))
                .map(row -> (Object) row)
                .findFirst());
    }
}
