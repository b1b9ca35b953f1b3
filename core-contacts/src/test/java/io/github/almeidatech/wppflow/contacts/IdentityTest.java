package io.github.almeidatech.wppflow.contacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {

    private static final TenantId TENANT = new TenantId("hotel");

    @ParameterizedTest
    @CsvSource({
        "81234567890@lid, LID, 81234567890@lid",
        "BR.1A2b3C, BSUID, BR.1A2b3C",
        "US.ENT.99xYz, BSUID, US.ENT.99xYz",
        "whatsapp:BR.1A2b3C, BSUID, BR.1A2b3C",
        "5561900010001, ADDRESS, 5561900010001",
        "whatsapp:+5561900010001, ADDRESS, whatsapp:+5561900010001",
        "5561900010001@s.whatsapp.net, ADDRESS, 5561900010001@s.whatsapp.net",
        "BR.not a business id, ADDRESS, BR.not a business id"
    })
    void an_address_is_recognised_by_its_form(String address, Identity.Kind kind, String value) {
        assertThat(Identity.address(address)).isEqualTo(new Identity(kind, value));
    }

    @Test
    void nothing_identifies_nobody() {
        assertThatThrownBy(() -> new Identity(Identity.Kind.PERSON, " ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ContactUpdate(Set.of(), null, null, null, Map.of(), null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pseudonyms_recognise_the_same_identity_in_the_same_tenant_with_the_same_key() {
        var pseudonyms = new Pseudonyms("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
        Identity ana = Identity.person("ana");

        Identity pseudonym = pseudonyms.of(TENANT, ana);

        assertThat(pseudonym.kind()).isEqualTo(Identity.Kind.PSEUDONYM);
        assertThat(pseudonym.value()).hasSize(64).doesNotContain("ana");
        assertThat(pseudonyms.of(TENANT, ana)).isEqualTo(pseudonym);
        assertThat(pseudonyms.of(TENANT, pseudonym)).as("is its own").isEqualTo(pseudonym);
        var others = new HashSet<>(Set.of(
                pseudonym,
                pseudonyms.of(new TenantId("clinic"), ana),
                pseudonyms.of(TENANT, new Identity(Identity.Kind.ADDRESS, "ana")),
                new Pseudonyms(new byte[16]).of(TENANT, ana)));
        assertThat(others).hasSize(4);
    }

    @Test
    void a_short_key_is_refused() {
        assertThatThrownBy(() -> new Pseudonyms(new byte[15])).isInstanceOf(IllegalArgumentException.class);
    }
}
