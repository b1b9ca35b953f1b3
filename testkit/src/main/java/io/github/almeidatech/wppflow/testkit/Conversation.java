package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a simulated conversation.
 *
 * @param id display id, the one of all API paths
 * @param status {@code open}, {@code resolved}, {@code pending} or {@code snoozed}
 * @param assignee name of the agent or bot it is assigned to
 * @param team name of the team it is assigned to
 */
public record Conversation(
        long id,
        String status,
        @Nullable String assignee,
        @Nullable String team,
        @Nullable String priority,
        List<String> labels,
        JsonNode customAttributes,
        long contact) {

    public Conversation {
        labels = List.copyOf(labels);
    }
}
