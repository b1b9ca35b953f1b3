package io.github.almeidatech.wppflow.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What customers of the pet hotel ask. */
final class Questions {

    private static final List<String> ALL = List.of(
            "quanto custa a diária para cachorro?",
            "quanto custa a diária de gato?",
            "qual o horário de atendimento da recepção?",
            "até que horas posso fazer o check-in?",
            "qual é o endereço do hotel?",
            "como faço uma reserva?",
            "quais são as formas de pagamento?",
            "como funciona o cancelamento?",
            "quais vacinas são exigidas?",
            "o que acontece se meu cachorro tiver pulgas?",
            "o que devo levar na mala?",
            "como é a alimentação?",
            "vocês dão remédio?",
            "tem veterinário de plantão?",
            "tem câmeras para eu acompanhar?",
            "os gatos ficam separados dos cães?",
            "qual a idade mínima para filhotes?",
            "tem limite de tamanho ou raça?",
            "aceitam cadela no cio?",
            "aceitam cães bravos?",
            "como funciona o dia de adaptação?",
            "quanto custa a creche para cães?",
            "quanto custa o banho?",
            "quanto custa o táxi dog?",
            "tem acréscimo em feriados?",
            "tem desconto para o segundo pet?",
            "posso visitar para conhecer o espaço?",
            "onde os cães dormem?",
            "como são os passeios?",
            "a piscina fica aberta quando?",
            "vocês hospedam coelhos?",
            "preciso assinar contrato?",
            "vocês emitem nota fiscal?",
            "e se eu atrasar para buscar?",
            "como é a limpeza das suítes?",
            "tem seguro contra acidentes?",
            "vocês oferecem adestramento?",
            "quanto custa o clube Patinhas?");

    private Questions() {}

    /** All of them in an order of their own. */
    static List<String> shuffled(Random random) {
        var questions = new ArrayList<>(ALL);
        Collections.shuffle(questions, random);
        return questions;
    }
}
