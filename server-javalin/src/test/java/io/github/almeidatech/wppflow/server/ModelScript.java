package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.testkit.ModelCall;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;

/** What a model does that is well, over either protocol: looks, understands, and answers out of the first passage. */
final class ModelScript {

    static final String WRITTEN = "Fica R$ 85 para os pequenos.";
    static final String SEEN = "um cachorro caramelo";

    private ModelScript() {}

    static ScriptedModel well(ScriptedModel model) {
        return model.when(
                        call -> call.images() > 0,
                        ModelReply.text("{\"description\":\"" + SEEN + "\",\"visible_text\":\"\"}"))
                .when(
                        call -> call.user().contains("{\"intents\":"),
                        ModelReply.text("{\"intent\":\"sales\",\"confidence\":0.97,\"evidence\":[\"preço\"]}"))
                .when(
                        ModelScript::asksForAnAnswer,
                        ModelReply.text("{\"answered\":true,\"text\":\"" + WRITTEN + "\",\"passages\":[\"1\"]}"));
    }

    static boolean asksForAnAnswer(ModelCall call) {
        return call.user().contains("{\"passages\":");
    }

    static byte[] voice() {
        return "OggS voice".getBytes(StandardCharsets.UTF_8);
    }

    static byte[] jpeg() throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB), "jpg", out);
        return out.toByteArray();
    }
}
