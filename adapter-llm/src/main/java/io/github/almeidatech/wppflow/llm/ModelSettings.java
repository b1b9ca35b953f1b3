package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.model.Language;
import java.util.List;

/**
 * A tenant's models.
 *
 * @param providers in the order they are asked: the first that has a model for an ability, and when it fails the next
 * @param language what is spoken in voice notes, and what pictures are described in
 * @param limits of time, calls, tokens and money
 * @param masking whether CPF, CNPJ, card numbers and e-mail addresses in customers' words are left out of what is sent
 */
public record ModelSettings(List<ProviderSettings> providers, Language language, ModelLimits limits, boolean masking) {

    public ModelSettings {
        if (providers.isEmpty()) {
            throw new IllegalArgumentException("at least one provider wanted");
        }
        providers = List.copyOf(providers);
    }

    /** Brazilian Portuguese, the default limits, with masking. */
    public static ModelSettings of(ProviderSettings... providers) {
        return new ModelSettings(List.of(providers), Language.PT_BR, ModelLimits.DEFAULT, true);
    }
}
