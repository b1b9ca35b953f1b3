package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DedupeKeysTest {

    @ParameterizedTest
    @EnumSource(DeliverySource.class)
    void one_message_has_the_same_keys_whoever_brings_it(DeliverySource source) {
        assertThat(Payload.message().read(source).dedupeKeys())
                .containsExactly("1/message_created/9001", "1/inbox/4/wamid.INVENTED1==");
    }

    @Test
    void one_whatsapp_message_that_became_two_is_known_by_the_channels_id() {
        var first = Payload.message().read().dedupeKeys();
        var second = Payload.message().set("id", "9002").read().dedupeKeys();

        assertThat(second).containsAnyElementsOf(first);
    }

    @Test
    void the_same_ids_in_another_account_or_inbox_are_others() {
        var here = Payload.message().read().dedupeKeys();

        assertThat(Payload.message().set("account.id", "2").read().dedupeKeys()).doesNotContainAnyElementsOf(here);
        assertThat(Payload.message()
                        .set("id", "9002")
                        .set("inbox.id", "5")
                        .read()
                        .dedupeKeys())
                .doesNotContainAnyElementsOf(here);
    }

    @Test
    void contact_cards_sent_together_share_the_channels_id_and_are_still_several() {
        Payload card = Payload.message()
                .set("attachments", "[{'id': 75, 'file_type': 'contact', 'fallback_title': '+55 61 99000-0003'}]");

        assertThat(card.read().dedupeKeys()).containsExactly("1/message_created/9001");
    }

    @Test
    void without_an_id_of_the_channel_there_is_one_key() {
        assertThat(Payload.message().set("source_id", "''").read().dedupeKeys()).hasSize(1);
        assertThat(Payload.message().remove("source_id").read().dedupeKeys()).hasSize(1);
        assertThat(Payload.message()
                        .remove("inbox")
                        .remove("conversation.inbox_id")
                        .read()
                        .dedupeKeys())
                .hasSize(1);
    }

    @Test
    void what_a_person_wrote_is_known_by_its_id_alone() {
        assertThat(Payload.outgoing(Payload.agent()).read().dedupeKeys()).containsExactly("1/message_created/9002");
    }

    @Test
    void the_forks_second_event_for_a_message_does_not_take_its_place() {
        assertThat(Payload.message().set("event", "'message_incoming'").read().dedupeKeys())
                .isEmpty();
    }

    @Test
    void a_change_is_known_by_what_it_means_and_when_it_became_so() {
        Payload resolved = Payload.conversation("conversation_resolved").set("status", "'resolved'");
        Payload statusChanged =
                Payload.conversation("conversation_status_changed").set("status", "'resolved'");
        Payload later = Payload.conversation("conversation_resolved")
                .set("status", "'resolved'")
                .set("updated_at", "1788264060.1");

        assertThat(statusChanged.read().dedupeKeys())
                .isEqualTo(resolved.read().dedupeKeys())
                .hasSize(1);
        assertThat(later.read().dedupeKeys())
                .doesNotContainAnyElementsOf(resolved.read().dedupeKeys());
        assertThat(Payload.conversation("conversation_created").read().dedupeKeys())
                .isEmpty();
    }
}
