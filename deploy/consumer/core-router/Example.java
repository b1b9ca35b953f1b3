import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Utterance;

/** M4: what a customer wants, and who answers it. */
final class Example {

    public static void main(String[] args) {
        var router = Router.builder().defaultIntent("general").build();

        var heard = router.classify(Utterance.of("qto custa o banho do meu cachorro?"));

        System.out.println(heard.intent() + " " + router.route(heard).labels());
    }
}
