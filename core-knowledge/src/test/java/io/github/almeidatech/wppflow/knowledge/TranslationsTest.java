package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A base that says the same in three languages answers in the customer's; one thing it says in Portuguese only. */
class TranslationsTest {

    private static final TenantId HOTEL = new TenantId("hotel");
    private static final KnowledgeBase BASE = KnowledgeBase.inMemory();

    @BeforeAll
    static void aHotelInThreeLanguages() {
        BASE.put(
                HOTEL,
                List.of(
                        document(
                                "horario-pt",
                                "Horário de atendimento",
                                "A recepção abre de segunda a sexta das 7h às 20h."),
                        document(
                                "horario-en",
                                "Opening hours",
                                "The front desk is open Monday to Friday from 7 am to 8 pm."),
                        document(
                                "horario-es",
                                "Horario de atención",
                                "La recepción abre de lunes a viernes de 7 a 20 h."),
                        document(
                                "pago-pt",
                                "Formas de pagamento",
                                "Aceitamos Pix, dinheiro, cartão de débito e crédito."),
                        document("pago-en", "Payment", "We take Pix, cash, debit and credit cards. No checks."),
                        document(
                                "pago-es",
                                "Formas de pago",
                                "Aceptamos Pix, efectivo y tarjeta. No aceptamos cheques."),
                        document("banho-pt", "Banho e tosa", "O banho custa a partir de R$ 55.")));
    }

    @AfterAll
    static void close() {
        BASE.close();
    }

    @ParameterizedTest
    @CsvSource({
        "que horas abre na segunda?, horario-pt",
        "qual o horário, horario-pt",
        "what time do you open on monday?, horario-en",
        "¿a qué hora abren el lunes?, horario-es",
        "aceita cartão?, pago-pt",
        "pix?, pago-pt",
        "do you take credit cards?, pago-en",
        "can I pay with pix?, pago-en",
        "¿aceptan tarjeta?, pago-es",
        "how much is a bath?, banho-pt",
        "¿cuánto cuesta el baño?, banho-pt"
    })
    void a_question_is_answered_in_its_own_language_if_the_base_speaks_it(String question, String document) {
        assertThat(BASE.query(HOTEL, Question.of(question)).sources().get(0).documentId())
                .isEqualTo(document);
    }

    private static Document document(String id, String title, String content) {
        return new Document(id, title, content, null);
    }
}
