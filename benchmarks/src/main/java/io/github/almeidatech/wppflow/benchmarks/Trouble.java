package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.Delivery;
import io.github.almeidatech.wppflow.testkit.DeliveryFault;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.Faults;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/** A Chatwoot, a model and a Baserow that lie, forget and repeat themselves, at random, until {@link #end()}. Thread-safe. */
final class Trouble {

    private static final Predicate<SeenRequest> SENDING = SeenRequest.matching("POST", "/conversations/*/messages");
    private static final Predicate<SeenRequest> LOOKING = SeenRequest.matching("GET", "/conversations/*");

    private static final Predicate<SeenRequest> ASKING = SeenRequest.matching("POST", "/chat/completions");
    private static final Predicate<SeenRequest> WRITING =
            request -> !request.method().equals("GET");

    private static final Predicate<Delivery> MESSAGE = each -> each.event().equals("message_created");
    private static final Predicate<Delivery> CHANGE = each -> each.event().startsWith("conversation_");

    private final Random random;
    private final Map<String, Integer> struck = new LinkedHashMap<>();
    private boolean on = true;

    private Trouble(Random random) {
        this.random = random;
    }

    /** None at all. */
    static Trouble none() {
        var none = new Trouble(new Random(0));
        none.end();
        return none;
    }

    /** One in five messages of the bot, one in twenty looks at conversations, one in seven webhooks
     * of messages, and one in three of changes of state, so that only looking tells of a person. */
    static Trouble with(SimulatedChatwoot chatwoot, Random random) {
        var trouble = new Trouble(random);
        trouble.of(
                chatwoot.faults(),
                "message created, then 500",
                0.04,
                SENDING,
                Fault.status(500).afterDoing());
        trouble.of(
                chatwoot.faults(),
                "message created, then no answer",
                0.04,
                SENDING,
                Fault.drop().afterDoing());
        trouble.of(
                chatwoot.faults(),
                "the same, and not shown for a second",
                0.03,
                SENDING,
                Fault.drop().afterDoing().hiding(Duration.ofSeconds(1)));
        trouble.of(chatwoot.faults(), "message created, answer cut", 0.02, SENDING, Fault.cut());
        trouble.of(chatwoot.faults(), "message refused with 502", 0.02, SENDING, Fault.status(502));
        trouble.of(chatwoot.faults(), "message dropped with the connection", 0.02, SENDING, Fault.drop());
        trouble.of(chatwoot.faults(), "message refused with 429", 0.02, SENDING, Fault.rateLimited("1"));
        trouble.of(chatwoot.faults(), "message created late", 0.03, SENDING, Fault.slow(Duration.ofMillis(400)));
        trouble.of(chatwoot.faults(), "look answered with 500", 0.03, LOOKING, Fault.status(500));
        trouble.of(chatwoot.faults(), "look not answered", 0.02, LOOKING, Fault.drop());
        trouble.of(chatwoot, "webhook lost", 0.02, MESSAGE, DeliveryFault.drop());
        trouble.of(chatwoot, "webhook three times", 0.03, MESSAGE, DeliveryFault.repeated(2));
        trouble.of(chatwoot, "webhook twice, another delivery id", 0.02, MESSAGE, DeliveryFault.repeatedAsOther(1));
        trouble.of(
                chatwoot, "webhook overtaken in a burst", 0.05, MESSAGE, DeliveryFault.delayed(Duration.ofMillis(120)));
        trouble.of(chatwoot, "webhook overtaken by far", 0.03, MESSAGE, DeliveryFault.delayed(Duration.ofMillis(700)));
        trouble.of(chatwoot, "webhook of a change of state lost", 0.3, CHANGE, DeliveryFault.drop());
        return trouble;
    }

    private void of(Faults faults, String name, double share, Predicate<SeenRequest> requests, Fault fault) {
        struck.put(name, 0);
        faults.always(request -> requests.test(request) && strikes(name, share), fault);
    }

    private void of(
            SimulatedChatwoot chatwoot,
            String name,
            double share,
            Predicate<Delivery> deliveries,
            DeliveryFault fault) {
        struck.put(name, 0);
        chatwoot.webhooks().next(Integer.MAX_VALUE, each -> deliveries.test(each) && strikes(name, share), fault);
    }

    private synchronized boolean strikes(String name, double share) {
        boolean strikes = on && random.nextDouble() < share;
        if (strikes) {
            struck.merge(name, 1, Integer::sum);
        }
        return strikes;
    }

    /** One in ten calls of a model. */
    static Trouble with(ScriptedModel model, Random random) {
        var trouble = new Trouble(random);
        Predicate<SeenRequest> any = request -> true;
        trouble.of(model.faults(), "model answers 500", 0.03, any, Fault.status(500));
        trouble.of(model.faults(), "model closes the connection", 0.02, any, Fault.drop());
        trouble.of(model.faults(), "model answers what is no JSON", 0.01, any, Fault.garbage());
        trouble.of(model.faults(), "model answers 429", 0.02, any, Fault.rateLimited("1"));
        trouble.of(model.faults(), "model takes three seconds", 0.02, any, Fault.slow(Duration.ofSeconds(3)));
        return trouble;
    }

    /** Chatwoot with a model and a Baserow: one in four questions to the model and one in five rows go wrong. */
    static Trouble with(SimulatedChatwoot chatwoot, ScriptedModel model, SimulatedBaserow baserow, Random random) {
        var trouble = with(chatwoot, random);
        Faults asked = model.faults();
        trouble.of(asked, "model: 500", 0.05, ASKING, Fault.status(500));
        trouble.of(
                asked,
                "model: 500 after the work",
                0.03,
                ASKING,
                Fault.status(500).afterDoing());
        trouble.of(asked, "model: 429", 0.03, ASKING, Fault.rateLimited("1"));
        trouble.of(asked, "model: connection reset", 0.05, ASKING, Fault.drop());
        trouble.of(asked, "model: no answer at all", 0.01, ASKING, Fault.hang());
        trouble.of(asked, "model: slow", 0.04, ASKING, Fault.slow(Duration.ofMillis(800)));
        trouble.of(asked, "model: garbage", 0.04, ASKING, Fault.garbage());
        Faults written = baserow.faults();
        trouble.of(written, "baserow: 503", 0.03, WRITING, Fault.status(503));
        trouble.of(
                written,
                "baserow: 500 after the work",
                0.03,
                WRITING,
                Fault.status(500).afterDoing());
        trouble.of(
                written,
                "baserow: reset after the work",
                0.03,
                WRITING,
                Fault.drop().afterDoing());
        trouble.of(written, "baserow: 429", 0.03, WRITING, SimulatedBaserow.throttled(Duration.ofSeconds(1)));
        trouble.of(written, "baserow: no answer at all", 0.01, WRITING, Fault.hang());
        trouble.of(written, "baserow: slow", 0.04, WRITING, Fault.slow(Duration.ofMillis(800)));
        trouble.of(
                written,
                "baserow: garbage after the work",
                0.03,
                WRITING,
                Fault.garbage().afterDoing());
        return trouble;
    }

    /** From now on everything goes well. */
    synchronized void end() {
        on = false;
    }

    /** How often what went wrong. */
    synchronized Map<String, Integer> struck() {
        return new LinkedHashMap<>(struck);
    }
}
