/**
 * M2: what customers send besides text, as text. Begin with
 * {@link io.github.almeidatech.wppflow.multimodal.MediaReader}:
 *
 * <pre>{@code
 * MediaReader reader = MediaReader.builder().source(source).transcriber(transcriber).build();
 * List<MediaText> texts = reader.read(message);  // of each attachment, in their order
 * String said = texts.get(0).match(MediaText.Read::text, missing -> missing.reason().word());
 * }</pre>
 */
@NullMarked
package io.github.almeidatech.wppflow.multimodal;

import org.jspecify.annotations.NullMarked;
