package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.ContactLists;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ContactLists} does. A subclass gives empty lists for each test. */
public abstract class ContactListsContract {

    private static final TenantId TENANT = new TenantId("hotel");
    private static final TenantId OTHER = new TenantId("clinic");
    private static final Identity ANA = Identity.person("ana");
    private static final Identity ANA_BY_LID = Identity.address("1@lid");
    private static final Identity BIA = Identity.person("bia");

    private ContactLists lists;

    /** New lists without any entry. */
    protected abstract ContactLists emptyLists();

    @BeforeEach
    void open() {
        lists = emptyLists();
    }

    @Test
    void lists_begin_empty() {
        assertThat(lists.isEmpty(TENANT, ContactList.ALLOW)).isTrue();
        assertThat(lists.entries(TENANT, ContactList.ALLOW, null, 10)).isEmpty();
        assertThat(lists.listing(TENANT, Set.of(ANA))).isEmpty();
        assertThat(lists.remove(TENANT, ContactList.ALLOW, ANA)).isFalse();
    }

    @Test
    void an_entry_is_on_its_list_once() {
        assertThat(lists.add(TENANT, ContactList.DENY, ANA)).isTrue();
        assertThat(lists.add(TENANT, ContactList.DENY, ANA)).isFalse();

        assertThat(lists.entries(TENANT, ContactList.DENY, null, 10)).containsExactly(ANA);
        assertThat(lists.isEmpty(TENANT, ContactList.DENY)).isFalse();
        assertThat(lists.isEmpty(TENANT, ContactList.ALLOW)).isTrue();
        assertThat(lists.remove(TENANT, ContactList.DENY, ANA)).isTrue();
        assertThat(lists.isEmpty(TENANT, ContactList.DENY)).isTrue();
    }

    @Test
    void one_identity_of_several_is_enough_to_be_listed() {
        lists.add(TENANT, ContactList.DENY, ANA);
        lists.add(TENANT, ContactList.ALLOW, ANA_BY_LID);

        assertThat(lists.listing(TENANT, Set.of(ANA, ANA_BY_LID)))
                .containsExactlyInAnyOrder(ContactList.ALLOW, ContactList.DENY);
        assertThat(lists.listing(TENANT, Set.of(ANA, BIA))).containsExactly(ContactList.DENY);
        assertThat(lists.listing(TENANT, Set.of(BIA))).isEmpty();
        assertThat(lists.listing(TENANT, Set.of())).isEmpty();
    }

    @Test
    void the_same_value_of_another_kind_is_another_identity() {
        lists.add(TENANT, ContactList.DENY, new Identity(Identity.Kind.ADDRESS, "ana"));

        assertThat(lists.listing(TENANT, Set.of(ANA))).isEmpty();
    }

    @Test
    void tenants_do_not_see_each_other() {
        lists.add(TENANT, ContactList.DENY, ANA);

        assertThat(lists.entries(OTHER, ContactList.DENY, null, 10)).isEmpty();
        assertThat(lists.listing(OTHER, Set.of(ANA))).isEmpty();
        assertThat(lists.remove(OTHER, ContactList.DENY, ANA)).isFalse();
        assertThat(lists.entries(TENANT, ContactList.DENY, null, 10)).containsExactly(ANA);
    }

    @Test
    void a_long_list_is_read_in_pages_each_entry_once() {
        var all = new ArrayList<Identity>();
        for (int i = 0; i < 25; i++) {
            all.add(Identity.person("+55119900000" + (10 + i)));
            all.add(Identity.address("address/é" + (10 + i)));
        }
        all.forEach(identity -> lists.add(TENANT, ContactList.DENY, identity));
        lists.add(TENANT, ContactList.ALLOW, BIA);
        lists.add(OTHER, ContactList.DENY, BIA);

        var read = new ArrayList<Identity>();
        List<Identity> page = lists.entries(TENANT, ContactList.DENY, null, 7);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(7);
            read.addAll(page);
            lists.remove(TENANT, ContactList.DENY, page.get(page.size() - 1)); // the place is known all the same
            page = lists.entries(TENANT, ContactList.DENY, page.get(page.size() - 1), 7);
        }

        assertThat(read).containsExactlyInAnyOrderElementsOf(all);
        assertThat(read).extracting(identity -> identity.kind().word()).isSorted();
    }
}
