/**
 * M2: what customers send besides text, as text. Begin with
 * {@link io.github.almeidatech.wppflow.multimodal.MediaReader}.
 */
@NullMarked
package io.github.almeidatech.wppflow.multimodal;

import org.jspecify.annotations.NullMarked;
