package io.github.almeidatech.wppflow.llm;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;

/**
 * How much a tenant may ask of models. Immutable.
 *
 * <p>Tokens and money are taken before a call by a careful estimate and corrected after it, so that calls under way at the
 * same time cannot pass a ceiling together. Every kind of call counts: answers, intents, pictures, voice, and the vector of
 * a question; for the tenant's day, and for the conversation and the turn it is made for. Days are those of {@link #zone()}.
 */
public final class ModelLimits {

    /** The defaults stated at the {@link Builder}. */
    public static final ModelLimits DEFAULT = builder().build();

    private final Duration timeLimit;
    private final Duration intentTimeLimit;
    private final int maxConcurrent;
    private final int maxPerMinute;
    private final long tokensPerTurn;
    private final long tokensPerConversation;
    private final long tokensPerDay;
    private final BigDecimal dollarsPerDay;
    private final BigDecimal dollarsPerConversation;
    private final BigDecimal mediaDollarsPerTurn;
    private final ZoneId zone;

    private ModelLimits(Builder builder) {
        this.timeLimit = builder.timeLimit;
        this.intentTimeLimit = builder.intentTimeLimit;
        this.maxConcurrent = builder.maxConcurrent;
        this.maxPerMinute = builder.maxPerMinute;
        this.tokensPerTurn = builder.tokensPerTurn;
        this.tokensPerConversation = builder.tokensPerConversation;
        this.tokensPerDay = builder.tokensPerDay;
        this.dollarsPerDay = builder.dollarsPerDay;
        this.dollarsPerConversation = builder.dollarsPerConversation;
        this.mediaDollarsPerTurn = builder.mediaDollarsPerTurn;
        this.zone = builder.zone;
    }

    /** Limits, each with a default. */
    public static Builder builder() {
        return new Builder();
    }

    /** For one answer, all attempts and providers together. */
    public Duration timeLimit() {
        return timeLimit;
    }

    /** For one intent, all attempts and providers together. */
    public Duration intentTimeLimit() {
        return intentTimeLimit;
    }

    /** Calls to one host at the same time. */
    public int maxConcurrent() {
        return maxConcurrent;
    }

    /** Calls to one host in a minute. */
    public int maxPerMinute() {
        return maxPerMinute;
    }

    /** Tokens for one turn, in and out. */
    public long tokensPerTurn() {
        return tokensPerTurn;
    }

    /** Tokens for one conversation in a day. */
    public long tokensPerConversation() {
        return tokensPerConversation;
    }

    /** Tokens for the tenant in a day. */
    public long tokensPerDay() {
        return tokensPerDay;
    }

    /** US dollars for the tenant in a day. */
    public BigDecimal dollarsPerDay() {
        return dollarsPerDay;
    }

    /** US dollars for one conversation in a day. */
    public BigDecimal dollarsPerConversation() {
        return dollarsPerConversation;
    }

    /** US dollars for the files of one turn. */
    public BigDecimal mediaDollarsPerTurn() {
        return mediaDollarsPerTurn;
    }

    /** Whose days. */
    public ZoneId zone() {
        return zone;
    }

    /** Collects the limits. */
    public static final class Builder {

        private Duration timeLimit = Duration.ofSeconds(30);
        private Duration intentTimeLimit = Duration.ofSeconds(10);
        private int maxConcurrent = 8;
        private int maxPerMinute = 300;
        private long tokensPerTurn = 400_000;
        private long tokensPerConversation = 1_000_000;
        private long tokensPerDay = 10_000_000;
        private BigDecimal dollarsPerDay = BigDecimal.valueOf(10);
        private BigDecimal dollarsPerConversation = BigDecimal.valueOf(2);
        private BigDecimal mediaDollarsPerTurn = BigDecimal.ONE;
        private ZoneId zone = ZoneId.of("America/Sao_Paulo");

        private Builder() {}

        /** For one answer, all attempts and providers together; 30 s by default. */
        public Builder timeLimit(Duration limit) {
            this.timeLimit = limit;
            return this;
        }

        /** For one intent; 10 s by default. */
        public Builder intentTimeLimit(Duration limit) {
            this.intentTimeLimit = limit;
            return this;
        }

        /** Calls to one host at the same time; 8 by default. */
        public Builder maxConcurrent(int calls) {
            this.maxConcurrent = calls;
            return this;
        }

        /** Calls to one host in a minute; 300 by default. */
        public Builder maxPerMinute(int calls) {
            this.maxPerMinute = calls;
            return this;
        }

        /** Tokens for one turn, all kinds of calls; 400,000 by default. A picture is counted as 50,000 before its call. */
        public Builder tokensPerTurn(long tokens) {
            this.tokensPerTurn = tokens;
            return this;
        }

        /** Tokens for one conversation in a day; 1,000,000 by default. */
        public Builder tokensPerConversation(long tokens) {
            this.tokensPerConversation = tokens;
            return this;
        }

        /** Tokens for the tenant in a day; 10,000,000 by default. */
        public Builder tokensPerDay(long tokens) {
            this.tokensPerDay = tokens;
            return this;
        }

        /** US dollars for the tenant in a day; 10 by default. */
        public Builder dollarsPerDay(BigDecimal dollars) {
            this.dollarsPerDay = dollars;
            return this;
        }

        /** US dollars for one conversation in a day, voice that is billed by the minute included; 2 by default. */
        public Builder dollarsPerConversation(BigDecimal dollars) {
            this.dollarsPerConversation = dollars;
            return this;
        }

        /**
         * US dollars for the files of one turn: voice notes, pictures, pages; 1 by default. Each is counted before its call
         * at the most it can cost, a picture as 50,000 tokens, and the files beyond are not read.
         */
        public Builder mediaDollarsPerTurn(BigDecimal dollars) {
            this.mediaDollarsPerTurn = dollars;
            return this;
        }

        /** Where the tenant's day begins; {@code America/Sao_Paulo} by default. */
        public Builder zone(ZoneId zone) {
            this.zone = zone;
            return this;
        }

        /** The limits. */
        public ModelLimits build() {
            if (timeLimit.compareTo(Duration.ofSeconds(1)) < 0
                    || intentTimeLimit.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("time limits of at least 1 s wanted");
            }
            if (maxConcurrent < 1 || maxPerMinute < 1) {
                throw new IllegalArgumentException("at least 1 call at a time and in a minute wanted");
            }
            if (tokensPerTurn < 0
                    || tokensPerConversation < 0
                    || tokensPerDay < 0
                    || dollarsPerDay.signum() < 0
                    || dollarsPerConversation.signum() < 0
                    || mediaDollarsPerTurn.signum() < 0) {
                throw new IllegalArgumentException("allowances of at least 0 wanted");
            }
            return new ModelLimits(this);
        }
    }
}
