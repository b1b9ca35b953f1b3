package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WordsTest {

    private final Tokenizer tokenizer = new Tokenizer(Lexicon.load());

    private List<String> words(String text) {
        return tokenizer.tokens(text).stream().map(Token::word).toList();
    }

    @Test
    void abbreviations_are_written_out() {
        assertThat(words("vc tb qr? hj n, blz pfv"))
                .containsExactly("voce", "tambem", "qr", "?", "hoje", "nao", "beleza", "por", "favor");
    }

    @Test
    void emphasis_and_accents_are_taken_away() {
        assertThat(words("Oiiii, AMEEEI!!! Não\u0303 é cooperação"))
                .containsExactly("oi", "amei", "!", "nao", "e", "cooperacao");
    }

    @Test
    void numbers_become_their_shape() {
        assertThat(words("às 15h, 15:30, 12/10, R$ 1.200,50 em 3x de 10kg, 11987654321"))
                .contains("#h", "#/", "#,", "#x", "#kg", "##", "$");
    }

    @Test
    void emoji_are_words_of_their_own() {
        assertThat(tokenizer.tokens("👍🏽ok😡").stream().map(Token::kind)).contains("emoji_good", "yes", "emoji_bad");
    }

    @Test
    void a_decomposed_accent_is_the_same_as_a_composed_one() {
        assertThat(words("hora\u0301rio")).isEqualTo(words("horário"));
    }

    @Test
    void misspelt_words_find_their_class() {
        assertThat(kindOf("preço")).isEqualTo("price");
        assertThat(kindOf("presso")).isEqualTo("price");
        assertThat(kindOf("jeladeira")).isEqualTo("product");
        assertThat(kindOf("recepicionista")).isEqualTo("staff");
        assertThat(kindOf("liquidificaodr")).isEqualTo("product");
        assertThat(kindOf("xyzzy")).isNull();
        assertThat(kindOf("rinoceronte")).isNull();
    }

    private @Nullable String kindOf(String word) {
        return tokenizer.tokens(word).get(0).kind();
    }

    @Test
    void beginnings_of_words_have_classes_the_longest_first() {
        var map = new PrefixMap<String>();
        map.computeIfAbsent("cobr", () -> "short");
        map.computeIfAbsent("cobran", () -> "long");
        var all = new ArrayList<String>();
        map.each("cobranca", all::add);

        assertThat(map.computeIfAbsent("cobr", () -> "other")).isEqualTo("short");
        assertThat(map.get("cobrar")).isEqualTo("short");
        assertThat(map.get("cobranca")).isEqualTo("long");
        assertThat(all).containsExactly("long", "short");
        assertThat(map.get("co")).isNull();
        assertThat(map.get("compra")).isNull();
        assertThatThrownBy(() -> map.computeIfAbsent("co", () -> "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sounds_agree_where_writers_err() {
        assertThat(Sound.of("cachorro")).isEqualTo(Sound.of("caxorru"));
        assertThat(Sound.of("quero")).isEqualTo(Sound.of("kero"));
        assertThat(Sound.of("hospedagem")).isEqualTo(Sound.of("ospedajem"));
        assertThat(Sound.of("valor")).isEqualTo(Sound.of("valo"));
        assertThat(Sound.of("salto")).isEqualTo(Sound.of("sauto"));
        assertThat(Sound.of("")).isEmpty();
        assertThat(Sound.of("banho")).isNotEqualTo(Sound.of("vinho"));
    }

    @Test
    void endings_tell_tenses() {
        assertThat(Stem.form("cobraram", "cobraram")).isEqualTo("~they_did");
        assertThat(Stem.form("llegó", "llego")).isEqualTo("~it_did");
        assertThat(Stem.form("comprei", "comprei")).isEqualTo("~i_did");
        assertThat(Stem.form("esperando", "esperando")).isEqualTo("~doing");
        assertThat(Stem.form("quebrado", "quebrado")).isEqualTo("~done");
        assertThat(Stem.form("estava", "estava")).isEqualTo("~was");
        assertThat(Stem.form("marcar", "marcar")).isEqualTo("~to_do");
        assertThat(Stem.form("novamente", "novamente")).isEqualTo("~ly");
        assertThat(Stem.form("oi", "oi")).isNull();
        assertThat(Stem.of("comprei")).isEqualTo(Stem.of("comprar"));
    }

    @Test
    void only_beginning_and_end_of_a_long_message_are_read() {
        assertThat(words("oi " + "palavra ".repeat(5_000) + "tchau"))
                .hasSize(200)
                .startsWith("oi")
                .endsWith("tchau");
    }
}
