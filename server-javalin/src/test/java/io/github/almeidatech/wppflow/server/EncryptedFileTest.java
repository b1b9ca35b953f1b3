package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.server.config.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptedFileTest {

    private static final int PIECE = 64 * 1_024;
    private static final int HEADER = 35;
    private static final int SEALED = PIECE + 16;
    private static final Secret KEY = new Secret("a passphrase of an invented owner");

    @TempDir
    private Path folder;

    private Path plain;
    private Path encrypted;
    private Path opened;

    @BeforeEach
    void files() {
        plain = folder.resolve("plain");
        encrypted = folder.resolve("plain.enc");
        opened = folder.resolve("opened");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE})
    void what_was_encrypted_comes_back_whatever_its_length(int bytes) throws IOException {
        encrypt(bytes);

        EncryptedFile.decrypt(encrypted, opened, KEY);

        assertThat(opened).hasSameBinaryContentAs(plain);
        assertThat(EncryptedFile.is(encrypted)).isTrue();
        assertThat(EncryptedFile.is(plain)).isFalse();
    }

    @Test
    void nothing_of_the_content_can_be_read_and_no_two_files_are_alike() throws IOException {
        Files.writeString(plain, "Joana Exemplo ".repeat(10_000));
        EncryptedFile.encrypt(plain, encrypted, KEY, 10);
        byte[] first = Files.readAllBytes(encrypted);
        EncryptedFile.encrypt(plain, encrypted, KEY, 10);

        assertThat(new String(first, StandardCharsets.ISO_8859_1)).doesNotContain("Joana");
        assertThat(Files.readAllBytes(encrypted)).isNotEqualTo(first);
    }

    @Test
    void another_key_is_told_and_leaves_nothing_behind() throws IOException {
        encrypt(PIECE + 1);

        assertThatThrownBy(() -> EncryptedFile.decrypt(encrypted, opened, new Secret("another passphrase, as long")))
                .isInstanceOf(FlowException.class)
                .hasMessageContaining("storage.backup_key is not the one");

        assertThat(folder).isDirectoryNotContaining("glob:**opened*");
    }

    @Test
    void a_changed_byte_anywhere_is_seen() throws IOException {
        encrypt(PIECE + 100);
        byte[] whole = Files.readAllBytes(encrypted);

        for (int at : new int[] {14, 30, HEADER, HEADER + SEALED - 1, HEADER + SEALED, whole.length - 1}) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            assertRefused(changed);
        }
    }

    @Test
    void a_piece_left_out_moved_or_cut_off_is_seen() throws IOException {
        encrypt(3 * PIECE);
        byte[] whole = Files.readAllBytes(encrypted);
        byte[] header = Arrays.copyOf(whole, HEADER);
        byte[] one = Arrays.copyOfRange(whole, HEADER, HEADER + SEALED);
        byte[] two = Arrays.copyOfRange(whole, HEADER + SEALED, HEADER + 2 * SEALED);
        byte[] three = Arrays.copyOfRange(whole, HEADER + 2 * SEALED, whole.length);

        assertRefused(joined(header, one, three));
        assertRefused(joined(header, two, one, three));
        assertRefused(joined(header, one, two));
        assertRefused(header);
        assertRefused(Arrays.copyOf(whole, 20));
    }

    private void encrypt(int bytes) throws IOException {
        var content = new byte[bytes];
        new Random(7).nextBytes(content);
        Files.write(plain, content);
        EncryptedFile.encrypt(plain, encrypted, KEY, 10);
    }

    private void assertRefused(byte[] bytes) throws IOException {
        Files.write(encrypted, bytes);
        assertThatThrownBy(() -> EncryptedFile.decrypt(encrypted, opened, KEY)).isInstanceOf(FlowException.class);
        assertThat(opened).doesNotExist();
    }

    private static byte[] joined(byte[]... parts) throws IOException {
        try (var out = new ByteArrayOutputStream()) {
            for (byte[] part : parts) {
                out.write(part);
            }
            return out.toByteArray();
        }
    }
}
