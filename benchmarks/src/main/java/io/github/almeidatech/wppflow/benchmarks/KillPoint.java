package io.github.almeidatech.wppflow.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * Where a server is killed, in the order of a message's way. Most are places in its code, which {@link KillPointAgent} watches;
 * the others are moments that somebody outside sees.
 */
enum KillPoint {
    K01("body half read", Cause.HALF_A_BODY),
    K02("body read, signature not yet checked", before("chatwoot.WebhookAuthenticator#authenticate")),
    K03("checked, transaction not begun", before("flow.FlowEngine#accept")),
    K04("inserted, not committed", after("jdbc.TurnWork#accept"), commit()),
    K05("committed, 2xx not sent", after("flow.FlowEngine#accept")),
    K06("2xx sent, not dispatched", after("server.http.Deliveries#receive"), before("jdbc.JdbcFlowStore#claimTurns")),
    K07("claimed", before("flow.TurnStep#answer")),
    K08("attachment half downloaded", Cause.FILE_HALF_SENT),
    K09("extraction child running", Cause.FILE, before("multimodal.ChildProcess#await")),
    K10("model request sent", Cause.MODEL_ASKED),
    K11("model answer received, not stored", after("llm.ModelHttp#send")),
    K12("answer stored, reply not in outbox: one transaction here", after("jdbc.TurnWork#complete"), commit()),
    K13("outbox stored, not dispatched", after("jdbc.JdbcFlowStore#completeTurn")),
    K14("marked sending, looked, nothing on the wire", before("chatwoot.Messages#create")),
    K15("request on the wire, done while we die", Cause.MESSAGE_ASKED),
    K15B("request done, answer on its way", Cause.MESSAGE_DONE),
    K16("answer received, not stored", after("chatwoot.Messages#create")),
    K17("reply stored as sent, Baserow not called", before("baserow.BaserowCommandSender#send")),
    K18("Baserow request on the wire", Cause.ROW_ASKED),
    K19("Baserow answered, not stored", after("baserow.BaserowCommandSender#send")),
    K20("done, claim not released: one transaction here", after("jdbc.CommandWork#complete"), commit()),
    K21("checkpoint", Cause.ERASE, Duration.ofMillis(3), before("jdbc.SqliteBackup#checkpoint")),
    K22("migration step n", Cause.START, after("flyway:resolver.sql.SqlMigrationExecutor#execute")),
    K23("graceful shutdown, draining", Cause.STOP, before("flow.FlowEngine#close")),
    K24("erase, half done", Cause.ERASE, after("jdbc.PersonalData#eraseContact")),
    K25("backup running", Cause.BACKUP, Duration.ofMillis(20), before("jdbc.SqliteBackup#copy")),
    K26("sweeper between reading and inserting", Cause.LOST_WEBHOOK, before("server.Intake#caughtUp")),
    K27("a new API token stored, not answered", Cause.TOKEN, after("jdbc.ApiTokens#issue")),
    K28("recovery: nothing claimed yet", Cause.START, after("jdbc.JdbcFlowStore#recover")),
    K29("policies decided, not committed", after("jdbc.PolicyWork#decide"), commit());

    /** What makes a server come to the point. */
    enum Cause {
        /** Customers do, by writing. */
        CUSTOMERS,
        /** The server starts. */
        START,
        /** A stop signal. */
        STOP,
        /** Somebody sends the first half of a webhook; there is nothing to watch inside. */
        HALF_A_BODY,
        /** A customer sends a document. */
        FILE,
        /** Chatwoot has sent half of a document. */
        FILE_HALF_SENT,
        /** The model has got a request. */
        MODEL_ASKED,
        /** Chatwoot has got a message to send, and does it. */
        MESSAGE_ASKED,
        /** Chatwoot has done it, and not answered. */
        MESSAGE_DONE,
        /** Baserow has got a row, and makes it. */
        ROW_ASKED,
        /** A webhook is lost. */
        LOST_WEBHOOK,
        /** Somebody asks to be forgotten. */
        ERASE,
        /** An operator wants a backup. */
        BACKUP,
        /** An operator makes a token. */
        TOKEN
    }

    /**
     * A place in the code.
     *
     * @param types classes, of which each run has one
     * @param before or after the method
     */
    record Step(List<String> types, String method, boolean before) {
        Step {
            types = List.copyOf(types);
        }

        @Override
        public String toString() {
            List<String> names = types.stream()
                    .map(type -> type.substring(type.lastIndexOf('.') + 1))
                    .toList();
            return (before ? "before " : "after ") + String.join("|", names) + "." + method;
        }
    }

    private final String what;
    private final Cause cause;
    private final Duration within;
    private final List<Step> steps;

    KillPoint(String what, Step... steps) {
        this(what, Cause.CUSTOMERS, steps);
    }

    KillPoint(String what, Cause cause, Step... steps) {
        this(what, cause, Duration.ZERO, steps);
    }

    KillPoint(String what, Cause cause, Duration within, Step... steps) {
        this.what = what;
        this.cause = cause;
        this.within = within;
        this.steps = List.of(steps);
    }

    private static Step before(String place) {
        return step(true, place);
    }

    private static Step after(String place) {
        return step(false, place);
    }

    private static Step commit() {
        return new Step(List.of(type("jdbc.SqliteDialect"), type("jdbc.PostgresDialect")), "commit", true);
    }

    private static Step step(boolean before, String place) {
        String[] parts = place.split("#");
        return new Step(List.of(type(parts[0])), parts[1], before);
    }

    private static String type(String name) {
        return name.startsWith("flyway:")
                ? "org.flywaydb.core.internal." + name.substring("flyway:".length())
                : "io.github.almeidatech.wppflow." + name;
    }

    String what() {
        return what;
    }

    Cause cause() {
        return cause;
    }

    /** Killed at a random moment of so much time after the last step; zero for exactly there. */
    Duration within() {
        return within;
    }

    /** Passed in this order; empty where the moment is seen from the outside. */
    List<Step> steps() {
        return steps;
    }

    /** Where it is, in words. */
    String where() {
        return steps.isEmpty()
                ? "seen from outside"
                : String.join(", then ", steps.stream().map(Step::toString).toList());
    }

    /** Whether it is there with this kind of database: PostgreSQL keeps and copies its files itself. */
    boolean existsOn(Storage.Kind storage) {
        return storage == Storage.Kind.SQLITE || this != K21 && this != K25;
    }
}
