package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.DeliveryFault;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A Chatwoot that lies, forgets and repeats itself, at random, until {@link #end()}. Thread-safe. */
final class Trouble {

    private static final int ENDLESS = Integer.MAX_VALUE;

    private final Random random;
    private final AtomicInteger struck = new AtomicInteger();
    private volatile boolean on = true;

    private Trouble(Random random) {
        this.random = random;
    }

    /** None at all. */
    static Trouble none() {
        var none = new Trouble(new Random(0));
        none.end();
        return none;
    }

    /** About one in five messages of the bot, one in twenty looks at conversations, one in ten webhooks. */
    static Trouble with(SimulatedChatwoot chatwoot, Random random) {
        var trouble = new Trouble(random);
        var post = SeenRequest.matching("POST", "/conversations/*/messages");
        var look = SeenRequest.matching("GET", "/conversations/*");
        chatwoot.faults()
                .always(trouble.chance(0.04, post), Fault.status(500).afterDoing())
                .always(trouble.chance(0.04, post), Fault.drop().afterDoing())
                .always(trouble.chance(0.03, post), Fault.drop().afterDoing().hiding(Duration.ofMillis(1_000)))
                .always(trouble.chance(0.02, post), Fault.cut())
                .always(trouble.chance(0.02, post), Fault.status(502))
                .always(trouble.chance(0.02, post), Fault.drop())
                .always(trouble.chance(0.02, post), Fault.rateLimited("1"))
                .always(trouble.chance(0.03, post), Fault.slow(Duration.ofMillis(400)))
                .always(trouble.chance(0.03, look), Fault.status(500))
                .always(trouble.chance(0.02, look), Fault.drop());
        chatwoot.webhooks()
                .next(ENDLESS, any -> trouble.strikes(0.02), DeliveryFault.drop())
                .next(ENDLESS, any -> trouble.strikes(0.03), DeliveryFault.repeated(2))
                .next(ENDLESS, any -> trouble.strikes(0.02), DeliveryFault.repeatedAsOther(1))
                .next(ENDLESS, any -> trouble.strikes(0.03), DeliveryFault.delayed(Duration.ofMillis(700)));
        return trouble;
    }

    /** From now on everything goes well. */
    void end() {
        on = false;
    }

    /** How often something went wrong. */
    int struck() {
        return struck.get();
    }

    private Predicate<SeenRequest> chance(double probability, Predicate<SeenRequest> of) {
        return request -> of.test(request) && strikes(probability);
    }

    private boolean strikes(double probability) {
        boolean strikes = on && random.nextDouble() < probability;
        if (strikes) {
            struck.incrementAndGet();
        }
        return strikes;
    }
}
