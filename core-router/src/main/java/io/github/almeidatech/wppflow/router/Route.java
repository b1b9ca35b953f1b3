package io.github.almeidatech.wppflow.router;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who deals with an intent.
 *
 * @param intent the intent
 * @param bot the bot persona that answers
 * @param teamId Chatwoot's team for a handoff; null to leave it to Chatwoot
 * @param agentIds Chatwoot's people for a handoff, one after the other; empty to leave it to Chatwoot
 * @param labels the conversation's labels for it
 * @param mode how much the bot does by itself
 */
public record Route(
        String intent, String bot, @Nullable Long teamId, List<Long> agentIds, List<String> labels, Mode mode) {

    public Route {
        agentIds = List.copyOf(agentIds);
        labels = List.copyOf(labels);
    }

    /** The label that says which bot deals with it. */
    public String botLabel() {
        return "agent_" + bot;
    }
}
