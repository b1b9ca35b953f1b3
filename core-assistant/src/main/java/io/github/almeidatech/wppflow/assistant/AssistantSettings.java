package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.router.Router;
import org.jspecify.annotations.Nullable;

/**
 * How the assistant behaves for one tenant.
 *
 * @param language used when a message's own language cannot be told
 * @param phrases its wordings
 * @param router its routing table
 * @param knowledgeDomain the part of the knowledge base it answers from; null for all
 * @param handoffLabel put on conversations a person was called to
 * @param handoffTeamId assigned at a handoff unless the route names another; null for none
 * @param handoffAgentId the same for a person
 * @param introduce whether the first message says that it is automatic
 * @param showSources whether an answer names the document it is from
 * @param maxBubble characters in one message, at least 100
 */
public record AssistantSettings(
        Language language,
        Phrases phrases,
        Router router,
        @Nullable String knowledgeDomain,
        String handoffLabel,
        @Nullable Long handoffTeamId,
        @Nullable Long handoffAgentId,
        boolean introduce,
        boolean showSources,
        int maxBubble) {

    public AssistantSettings {
        if (maxBubble < 100) {
            throw new IllegalArgumentException("a bubble of at least 100 characters wanted");
        }
    }
}
