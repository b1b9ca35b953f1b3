package io.github.almeidatech.wppflow.multimodal;

import java.util.Locale;
import java.util.function.Function;

/** What became of one attachment: its text, or why there is none. */
public sealed interface MediaText {

    /** The attachment as text, never blank, and what is known of its size. */
    record Read(String text, MediaFacts facts) implements MediaText {

        /** Without facts. */
        public Read(String text) {
            this(text, MediaFacts.NONE);
        }

        @Override
        public String toString() {
            return "Read[" + text.length() + " chars]";
        }

        @Override
        public <R> R match(Function<Read, R> read, Function<Unreadable, R> unreadable) {
            return read.apply(this);
        }
    }

    /** The attachment could not be read. */
    record Unreadable(Reason reason) implements MediaText {
        @Override
        public <R> R match(Function<Read, R> read, Function<Unreadable, R> unreadable) {
            return unreadable.apply(this);
        }
    }

    /** Why an attachment could not be read; the words are part of the event log and the API. */
    enum Reason {
        /** More bytes, pages or pixels than are read. */
        TOO_LARGE,
        /** A kind of file nobody here can read, or whose bytes are not what they claim to be. */
        UNSUPPORTED_TYPE,
        /** A kind that needs a model (voice, picture, video, scanned document), and none is configured. */
        NO_READER,
        /** It is readable and says nothing: silence, an empty document. */
        NO_TEXT,
        /** Locked with a password. */
        ENCRYPTED,
        /** Broken. */
        DAMAGED,
        /** It is not there, or not there yet. */
        NOT_FOUND,
        /** Its address is not one we may fetch from. */
        FORBIDDEN_ADDRESS,
        /** The place it is kept at, or the model that reads it, did not answer. */
        UNREACHABLE,
        /** It took too long, or what is answered together did. */
        TIMED_OUT,
        /** What is answered together holds more files than are read. */
        TOO_MANY_FILES,
        /** The turn's or the tenant's allowance of money is used up, or there is no room left to work on it. */
        OVER_BUDGET;

        /** The lower-case word. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Calls the function for the case. */
    <R> R match(Function<Read, R> read, Function<Unreadable, R> unreadable);
}
