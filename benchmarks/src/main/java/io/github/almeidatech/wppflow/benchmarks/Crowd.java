package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.HumanAgent;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Invented customers who come at random times, each with a few questions, some of them in bursts; and people who take a
 * conversation from the bot in the middle of it, and give it back or not. One thread of its own; what it draws follows
 * from the seed.
 */
final class Crowd implements AutoCloseable {

    private static final int MOST_QUESTIONS = 4;
    private static final double BURSTS = 0.25;
    private static final double TAKEN = 0.12;
    private static final double GIVEN_BACK = 0.4;
    /** How many of them write although nobody listens. */
    private static final double MISSED = 0.03;

    private final SimulatedChatwoot chatwoot;
    private final HumanAgent person;
    private final Random random;
    private final Duration betweenCustomers;
    private final ScheduledExecutorService thread;
    private final List<Takeover> takeovers = new ArrayList<>();
    private final Phaser steps = new Phaser(1);
    private int customers;
    private volatile @Nullable RuntimeException failure;
    private volatile boolean ended;
    private volatile boolean quiet;
    private volatile boolean peopleOpen;

    /**
     * A person had a conversation.
     *
     * @param spoken whether they wrote to the customer, or only opened it
     * @param lastMessage the conversation's latest message then
     * @param from when that was done, as {@link System#nanoTime()}
     * @param until when they began to give it back; {@link Long#MAX_VALUE} for never
     */
    record Takeover(long conversation, boolean spoken, long lastMessage, long from, long until) {}

    /**
     * A crowd that is still silent.
     *
     * @param messagesPerSecond on average, while the server runs
     */
    Crowd(SimulatedChatwoot chatwoot, Random random, double messagesPerSecond) {
        this.chatwoot = chatwoot;
        this.person = chatwoot.agent();
        this.random = random;
        double messagesPerCustomer = (1 + MOST_QUESTIONS) / 2.0 * (1 + BURSTS * 1.5);
        this.betweenCustomers = Duration.ofNanos((long) (1e9 * messagesPerCustomer / messagesPerSecond));
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            var worker = new Thread(work, "crowd");
            worker.setDaemon(true);
            return worker;
        });
    }

    void begin() {
        after(0, this::nextCustomer);
    }

    /** Fewer new customers while the server is down, so that most webhooks find it. */
    void quiet(boolean on) {
        quiet = on;
    }

    /**
     * No new customers; returns when the last one has asked the last question and every person has left.
     *
     * @throws IllegalStateException when somebody could not write
     */
    void end() throws InterruptedException {
        ended = true;
        try {
            steps.awaitAdvanceInterruptibly(steps.arrive(), 1, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the customers do not come to an end", e);
        }
        RuntimeException first = failure;
        if (first != null) {
            throw new IllegalStateException("a customer could not write", first);
        }
    }

    /** After {@link #end()}. */
    List<Takeover> takeovers() {
        return List.copyOf(takeovers);
    }

    /**
     * People open a conversation before they write into it. Without, what they write is known only by its webhook, or when
     * the server next looks for lost ones.
     */
    void peopleOpen() {
        peopleOpen = true;
    }

    private void nextCustomer() {
        if (ended) {
            return;
        }
        double pause = -Math.log(1 - random.nextDouble()) * betweenCustomers.toNanos();
        after((long) pause, this::nextCustomer);
        if (waits()) {
            return;
        }
        customers++;
        String phone = String.format(Locale.ROOT, "+55119%08d", 90_000_000 + customers);
        new Visit(chatwoot.customer(phone, "Cliente " + customers)).ask();
    }

    private boolean waits() {
        return quiet && !ended && random.nextDouble() >= MISSED;
    }

    private void after(long nanos, Runnable step) {
        steps.register();
        var unused = thread.schedule(() -> take(step), nanos, TimeUnit.NANOSECONDS);
    }

    private void take(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) { // the others go on
            failure = e;
        } finally {
            steps.arriveAndDeregister();
        }
    }

    private long between(int fromMillis, int toMillis) {
        return TimeUnit.MILLISECONDS.toNanos(fromMillis + random.nextInt(toMillis - fromMillis));
    }

    /** One customer's questions. */
    private final class Visit {

        private final Customer customer;
        private final List<String> questions = Questions.shuffled(random);
        private int left = 1 + random.nextInt(MOST_QUESTIONS);
        private boolean personComes = random.nextDouble() < TAKEN;

        Visit(Customer customer) {
            this.customer = customer;
        }

        void ask() {
            if (waits()) {
                after(between(200, 1_000), this::ask);
                return;
            }
            long conversation = 0;
            int burst = random.nextDouble() < BURSTS ? 2 + random.nextInt(2) : 1;
            for (int i = 0; i < burst; i++) {
                conversation = customer.writes(questions.remove(0)).conversation();
            }
            if (personComes) {
                personComes = false;
                left += 2;
                comes(conversation);
            }
            left--;
            if (left > 0) {
                after(between(200, 5_000), this::ask);
            }
        }

        /** A person, perhaps while the bot is answering. */
        private void comes(long conversation) {
            boolean speaks = random.nextBoolean();
            boolean opens = !speaks || random.nextBoolean() || peopleOpen;
            boolean givesBack = random.nextDouble() < GIVEN_BACK;
            after(between(50, 1_500), () -> {
                if (opens) {
                    person.opens(conversation);
                }
                if (speaks) {
                    person.writes(conversation, "Oi! Aqui é da recepção, já vejo isso para você.");
                }
                var taken = new Takeover(
                        conversation, speaks, lastMessage(conversation), System.nanoTime(), Long.MAX_VALUE);
                if (givesBack) {
                    after(between(500, 4_000), () -> givesBack(taken));
                } else {
                    takeovers.add(taken);
                }
            });
        }

        private long lastMessage(long conversation) {
            List<ChatMessage> messages = chatwoot.transcript(conversation);
            return messages.get(messages.size() - 1).id();
        }

        private void givesBack(Takeover taken) {
            takeovers.add(new Takeover(
                    taken.conversation(), taken.spoken(), taken.lastMessage(), taken.from(), System.nanoTime()));
            person.returnsToBot(taken.conversation());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
