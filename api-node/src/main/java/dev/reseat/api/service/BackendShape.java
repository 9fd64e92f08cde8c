package dev.reseat.api.service;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.service.diagnosis.BackendAnswer;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import java.util.List;
import java.util.Optional;

/** What the backend of a reset that was cut off shows of how far the driver got. Asks nobody. */
final class BackendShape {
    private BackendShape() {}

    /** Whether it has the shape that the plan's status promises. What no driver was asked for is not reached. */
    static Answer isReached(Volume volume, ResetPlan plan, BackendAnswer backend) {
        if (plan.way() != ResetPlan.Way.RESEAT) {
            return Answer.NO;
        }
        if (!(backend instanceof BackendAnswer.Described described) || !described.result().supported()) {
            return Answer.UNKNOWN;
        }
        return plan.takesAway() ? gone(described.connections()) : back(volume, described.connections());
    }

    /** Whether it certainly has all that the plan would have taken down; nothing is destroyed by putting back. */
    static boolean isUntouched(Volume volume, ResetPlan plan, BackendAnswer backend) {
        return plan.way() != ResetPlan.Way.RESEAT || !plan.takesAway()
                || back(volume, backend.connections()) == Answer.YES;
    }

    private static Answer gone(List<BackendConnection> connections) {
        Answer some = Answer.NO;
        for (BackendConnection connection : connections) {
            some = some.or(connection.exported().or(connection.inUse()));
        }
        return some.not();
    }

    private static Answer back(Volume volume, List<BackendConnection> connections) {
        Answer all = Answer.YES;
        for (Attachment attachment : volume.attachments()) {
            if (attachment.connector().isPresent()) {
                all = all.and(exported(attachment, connections));
            }
        }
        return all;
    }

    private static Answer exported(Attachment attachment, List<BackendConnection> connections) {
        Answer exported = Answer.NO;
        for (BackendConnection connection : connections) {
            if (connection.attachmentId().equals(Optional.of(attachment.id()))) {
                exported = exported.or(connection.exported());
            }
        }
        return exported;
    }
}
