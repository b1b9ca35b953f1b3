package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.multimodal.MediaLimits;
import io.github.almeidatech.wppflow.server.config.Config;

/** How much of files is read, as configured. */
public final class MediaSettings {

    private MediaSettings() {}

    public static MediaLimits limits(Config.Media config) {
        return new MediaLimits(
                config.maxBytes(),
                config.perFile(),
                config.perTurn(),
                config.maxPages(),
                config.maxCharacters(),
                config.maxPixels(),
                config.maxFiles(),
                config.maxScannedPages(),
                config.maxSound());
    }
}
