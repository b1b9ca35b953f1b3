package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * What was read of files, by tenant and content, so that a file that comes again is not paid for again. Thread-safe; may
 * block on storage, and fail with a {@link io.github.almeidatech.wppflow.model.FlowException}. Whose file it was is not
 * known here.
 */
public interface MediaTextStore {

    /**
     * What was read of a file.
     *
     * @param hash of its content: 64 hexadecimal digits
     */
    Optional<MediaText> find(TenantId tenant, String hash);

    /** Remembers what was read; in the place of what was known of the same content. */
    void save(TenantId tenant, String hash, MediaText text, Instant now);

    /**
     * Claims the reading of a file, so that of those who want it at the same time, in whichever process, one pays and the
     * others wait for the text. Repeated by the same reader it holds on to the claim. Atomic.
     *
     * @param reader the one reading, unlike every other
     * @param until when others may have it although it was not {@linkplain #release released}: its reader has died
     * @return false while another reader's claim holds
     */
    boolean claim(TenantId tenant, String hash, String reader, Instant now, Instant until);

    /** Gives up a claim, whether there is a text by now or not; of another reader's nothing is changed. Idempotent. */
    void release(TenantId tenant, String hash, String reader);

    /**
     * Forgets everything of a tenant; idempotent.
     *
     * @return how many texts that were
     */
    long forget(TenantId tenant);
}
