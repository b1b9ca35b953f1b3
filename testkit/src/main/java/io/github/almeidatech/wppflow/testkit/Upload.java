package io.github.almeidatech.wppflow.testkit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A file that came with a multipart request. */
record Upload(String fileName, @Nullable String contentType, Bytes content) {

    /** Bytes with the equality of their content, because a record must not hold an array. */
    static final class Bytes {
        private final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] array() {
            return bytes;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
