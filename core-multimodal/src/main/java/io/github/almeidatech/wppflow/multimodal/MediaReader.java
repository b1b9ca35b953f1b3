package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.InboundMessage;
import java.util.List;

/** Reads the attachments of messages. */
public final class MediaReader {

    /** One result for each attachment, in their order; one that fails does not spoil the others. */
    public List<MediaText> read(InboundMessage message) {
        return List.of();
    }
}
