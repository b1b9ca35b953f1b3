package io.github.almeidatech.wppflow.testkit;

import java.util.Locale;

/** Who a webhook delivery goes to: one agent bot, account webhook or API inbox. */
record Target(Kind kind, long id) {

    enum Kind {
        AGENT_BOT,
        ACCOUNT,
        INBOX;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
