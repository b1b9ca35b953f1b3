import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import io.github.almeidatech.wppflow.testkit.WebhookEndpoint;
import java.net.URI;
import java.time.Duration;

/** A simulated Chatwoot in a process of its own, whose bot is at the address given; prints what that bot's server must know. */
class Chatwoot {
    public static void main(String[] args) throws InterruptedException {
        SimulatedChatwoot chatwoot = SimulatedChatwoot.builder()
                .bot("Assistente")
                .webhookTimeout(Duration.ofSeconds(60)) // how soon is not what is looked at, and the machine may be busy
                .start();
        WebhookEndpoint bot = chatwoot.connectAgentBot(URI.create(args[0]));
        System.out.println("CHATWOOT=" + chatwoot.baseUrl());
        System.out.println("BOT_TOKEN=" + chatwoot.botToken());
        System.out.println("USER_TOKEN=" + chatwoot.userToken());
        System.out.println("WEBHOOK_SECRET=" + bot.secret());
        System.out.println("READY=yes");
        Thread.currentThread().join();
    }
}
