package io.github.almeidatech.wppflow.model;

/** The stable word for each kind of command. */
enum CommandKind implements OutboundCommand.Visitor<String> {
    INSTANCE;

    @Override
    public String sendMessage(OutboundCommand.SendMessage command) {
        return "send_message";
    }

    @Override
    public String addPrivateNote(OutboundCommand.AddPrivateNote command) {
        return "add_private_note";
    }

    @Override
    public String setStatus(OutboundCommand.SetStatus command) {
        return "set_status";
    }

    @Override
    public String assign(OutboundCommand.Assign command) {
        return "assign";
    }

    @Override
    public String changeLabels(OutboundCommand.ChangeLabels command) {
        return "change_labels";
    }

    @Override
    public String setConversationAttributes(OutboundCommand.SetConversationAttributes command) {
        return "set_conversation_attributes";
    }

    @Override
    public String setContactAttributes(OutboundCommand.SetContactAttributes command) {
        return "set_contact_attributes";
    }

    @Override
    public String sendTemplate(OutboundCommand.SendTemplate command) {
        return "send_template";
    }

    @Override
    public String sendAttachment(OutboundCommand.SendAttachment command) {
        return "send_attachment";
    }

    @Override
    public String followUp(OutboundCommand.FollowUp command) {
        return "follow_up";
    }

    @Override
    public String callWebhook(OutboundCommand.CallWebhook command) {
        return "call_webhook";
    }

    @Override
    public String writeRow(OutboundCommand.WriteRow command) {
        return "write_row";
    }

    @Override
    public String updateContact(OutboundCommand.UpdateContact command) {
        return "update_contact";
    }
}
