package dev.reseat.api.object;

import dev.reseat.api.model.Attachment;

/** An attachment has a connector that cannot be read: nobody can say whom its backend lets in. Shows nothing of it. */
public final class DamagedConnector extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String volumeId;

    DamagedConnector(Attachment attachment, StoredObject.Damaged connector) {
        super("The connector of attachment " + attachment.id() + " is damaged: " + connector.problem() + ".");
        this.volumeId = attachment.volumeId();
    }

    public String volumeId() {
        return volumeId;
    }
}
