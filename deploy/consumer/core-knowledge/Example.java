import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.Question;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;

/** M7: documents to an answer with its sources, or an honest "don't know". */
final class Example {

    public static void main(String[] args) {
        var tenant = new TenantId("pet-hotel");
        try (var base = KnowledgeBase.inMemory()) {
            base.put(tenant, List.of(new Document("diaria", "Diárias", "A diária para cães custa R$ 95.", null)));

            var answer = base.query(tenant, Question.of("quanto custa a diária?"));

            System.out.println(answer.answered() + ": " + answer.text());
        }
    }
}
