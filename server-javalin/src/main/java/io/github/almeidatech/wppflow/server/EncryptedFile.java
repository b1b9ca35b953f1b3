package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.server.config.Secret;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A file under a passphrase: AES-256-GCM in pieces of 64 KiB, so that neither a large file nor a changed one is ever held or
 * believed as a whole. Each piece is bound to its place and to being the last one or not, as in the STREAM construction: none
 * can be left out, moved or cut off unseen. The key is made of the passphrase by PBKDF2-HMAC-SHA-256 with 600,000 rounds.
 *
 * <p>Layout: {@code WPPFLOW1}, the rounds as four bytes, 16 bytes of salt, 7 bytes that begin each nonce, then the pieces, each with its tag of 16
 * bytes. Blocks; a target is there whole or not at all, and readable by its owner only.
 */
public final class EncryptedFile {

    private static final byte[] MAGIC = "WPPFLOW1".getBytes(StandardCharsets.US_ASCII);
    private static final int SALT = 16;
    private static final int PREFIX = 7;
    private static final int HEADER = 8 + 4 + SALT + PREFIX;
    private static final int PIECE = 64 * 1_024;
    private static final int TAG = 16;
    private static final int ROUNDS = 600_000;
    /** More would keep whoever opens a forged file busy for minutes. */
    private static final int MOST_ROUNDS = 10_000_000;

    private final byte[] header;
    private final SecretKey key;

    private EncryptedFile(byte[] header, Secret passphrase) throws GeneralSecurityException {
        this.header = header;
        int rounds = ByteBuffer.wrap(header).getInt(MAGIC.length);
        byte[] salt = Arrays.copyOfRange(header, MAGIC.length + 4, HEADER - PREFIX);
        var spec = new PBEKeySpec(
                passphrase.reveal().toCharArray(), salt, Math.max(1, Math.min(rounds, MOST_ROUNDS)), 256);
        try {
            byte[] bytes = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            this.key = new SecretKeySpec(bytes, "AES");
        } finally {
            spec.clearPassword();
        }
    }

    /** Whether it is one of these; false for what is shorter than any. */
    public static boolean is(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        }
    }

    /** Writes {@code target}, replacing what is there. */
    public static void encrypt(Path plain, Path target, Secret passphrase) throws IOException {
        encrypt(plain, target, passphrase, ROUNDS);
    }

    static void encrypt(Path plain, Path target, Secret passphrase, int rounds) throws IOException {
        var header = ByteBuffer.allocate(HEADER).put(MAGIC).putInt(rounds);
        var random = new byte[SALT + PREFIX];
        new SecureRandom().nextBytes(random);
        header.put(random);
        write(target, out -> {
            var file = new EncryptedFile(header.array(), passphrase);
            out.write(file.header);
            try (var in = new PushbackInputStream(new BufferedInputStream(Files.newInputStream(plain)))) {
                file.pieces(in, out, PIECE, Cipher.ENCRYPT_MODE);
            }
        });
    }

    /**
     * Writes what was encrypted to {@code target}, replacing what is there.
     *
     * @throws FlowException with a {@link BackupError} when the passphrase is another one, or the file is not as it was made
     */
    public static void decrypt(Path encrypted, Path target, Secret passphrase) throws IOException {
        write(target, out -> {
            try (var in = new PushbackInputStream(new BufferedInputStream(Files.newInputStream(encrypted)))) {
                byte[] header = in.readNBytes(HEADER);
                if (header.length < HEADER) {
                    throw new FlowException(BackupError.CUT_OFF, encrypted + " is cut off", null);
                }
                new EncryptedFile(header, passphrase).pieces(in, out, PIECE + TAG, Cipher.DECRYPT_MODE);
            } catch (AEADBadTagException e) {
                throw new FlowException(
                        BackupError.KEY_OR_FILE_WRONG,
                        "storage.backup_key is not the one " + encrypted + " was made with, or the file was changed",
                        e);
            }
        });
    }

    private void pieces(PushbackInputStream in, OutputStream out, int size, int mode)
            throws IOException, GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        for (int number = 0; ; number++) {
            byte[] piece = in.readNBytes(size);
            if (mode == Cipher.DECRYPT_MODE && piece.length < TAG) {
                throw new FlowException(BackupError.CUT_OFF, "the encrypted file is cut off", null);
            }
            boolean last = isAtEnd(in);
            cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce(number, last)));
            cipher.updateAAD(header);
            out.write(cipher.doFinal(piece));
            if (last) {
                return;
            }
        }
    }

    private static boolean isAtEnd(PushbackInputStream in) throws IOException {
        int next = in.read();
        if (next >= 0) {
            in.unread(next);
        }
        return next < 0;
    }

    private byte[] nonce(int number, boolean last) {
        return ByteBuffer.allocate(PREFIX + 5)
                .put(header, HEADER - PREFIX, PREFIX)
                .putInt(number)
                .put((byte) (last ? 1 : 0))
                .array();
    }

    private interface Content {
        void writeTo(OutputStream out) throws IOException, GeneralSecurityException;
    }

    private static void write(Path target, Content content) throws IOException {
        Path folder = target.toAbsolutePath().resolveSibling("");
        Path unfinished = Files.createTempFile(folder, target.getFileName().toString(), ".unfinished");
        try (var channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            var out = new BufferedOutputStream(Channels.newOutputStream(channel));
            content.writeTo(out);
            out.flush();
            channel.force(true);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM or PBKDF2", e);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
