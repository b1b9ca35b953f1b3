package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;

/**
 * Fetches the bytes of attachments. Addresses come from outside: an implementation fetches only from where the tenant's
 * channel may keep files. Thread-safe; blocks.
 */
@FunctionalInterface
public interface MediaSource {

    /**
     * The whole content.
     *
     * @param maxBytes reading stops with {@link MediaText.Reason#TOO_LARGE} beyond it, whatever was announced
     * @param timeLimit for everything together, waiting for a file that is not there yet included
     */
    byte[] fetch(TenantId tenant, Attachment attachment, long maxBytes, Duration timeLimit)
            throws MediaUnavailableException;
}
