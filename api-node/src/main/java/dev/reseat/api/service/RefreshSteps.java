package dev.reseat.api.service;

import dev.reseat.api.flow.CastStep;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Step;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Instance;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.object.StoredConnectionInfo;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.Performed;
import dev.reseat.api.remote.Performer;
import dev.reseat.api.remote.RemovedConnection;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.step.ReportTo;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The steps of a refresh, in order, and what can be read of how far they got. Nova's lock on the instance stops only
 * those who are no administrators: before each step that takes something away, the instance is read again.
 */
final class RefreshSteps {
    /** From here on host and backend are not as they were. */
    static final String REMOVE = "remove_volume_connection";
    static final String CONNECTOR = "connector";
    static final String RESERVE = "reserve";
    static final String DELETE = "attachment_delete";
    static final String UPDATE = "attachment_update";
    static final String COMPLETE = "attachment_complete";
    private static final List<String> NAMES = List.of(
            "lock", CONNECTOR, RESERVE, REMOVE, DELETE, UPDATE, "compare", "save", COMPLETE, "unlock");
    /** From here on a cinder-api may have made the new attachment, and with {@link #RESERVE} it is said which. */
    private static final String ASKED = "ask cinder-api";
    private static final String ATTACHMENT = "attachment_id";
    private static final String SEEN_BEFORE = "look";
    private static final String SEEN_AGAIN = "look again";

    private final MappingWriter mappings;
    private final BlockDevices blockDevices;
    private final Attachments attachments;
    private final Volumes volumes;
    private final ComputeClient computes;
    private final Surroundings surroundings;
    private final InstanceLock lock;

    @Inject
    RefreshSteps(
            MappingWriter mappings,
            BlockDevices blockDevices,
            Attachments attachments,
            Volumes volumes,
            ComputeClient computes,
            Surroundings surroundings,
            InstanceLock lock) {
        this.mappings = mappings;
        this.blockDevices = blockDevices;
        this.attachments = attachments;
        this.volumes = volumes;
        this.computes = computes;
        this.surroundings = surroundings;
        this.lock = lock;
    }

    /** All steps, with who does them where that is not the api-node. */
    static List<RefreshReport.Step> named(Map<String, String> performers) {
        return named(NAMES, performers);
    }

    private static List<RefreshReport.Step> named(List<String> steps, Map<String, String> performers) {
        return steps.stream()
                .map(name -> new RefreshReport.Step(
                        name, performers.getOrDefault(name, RefreshPerformers.API_NODE)))
                .toList();
    }

    /** @param deadline of every call that is made for it */
    Run of(RequestContext context, Journal.Entry entry, RefreshPlan plan, Deadline deadline) {
        return new Run(context, entry, plan, deadline);
    }

    /** One run through the steps. For one thread. */
    final class Run {
        private final RequestContext context;
        private final Journal.Entry entry;
        private final Deadline deadline;
        private RefreshPlan plan;
        private RefreshRows rows;
        private final Map<String, String> performers = new LinkedHashMap<>();
        private Optional<Map<String, Object>> connector = Optional.empty();

        private Run(RequestContext context, Journal.Entry entry, RefreshPlan plan, Deadline deadline) {
            this.context = context;
            this.entry = entry;
            this.deadline = deadline;
            follow(plan);
            recognise();
        }

        private void follow(RefreshPlan now) {
            plan = now;
            rows = new RefreshRows(context, plan, blockDevices, attachments, volumes);
        }

        /** A cinder-api has given the new attachment its id, which is noted, or was asked for it and not heard. */
        private void recognise() {
            Optional<String> noted = entry.detail(RESERVE)
                    .flatMap(told -> Optional.ofNullable(told.get(ATTACHMENT)))
                    .map(String::valueOf);
            if (noted.isPresent()) {
                follow(plan.withNewAttachment(noted.get()));
            } else if (entry.has(ASKED, Phase.BEGUN)) {
                attachments.madeUnheard(plan.volumeId(), plan.instanceUuid(), plan.oldAttachments()).ifPresent(id -> {
                    entry.step(RESERVE, Phase.DONE, Map.of(ATTACHMENT, id));
                    follow(plan.withNewAttachment(id));
                });
            }
        }

        RefreshRows rows() {
            return rows;
        }

        Journal.Entry entry() {
            return entry;
        }

        List<Step> steps() {
            return List.of(
                    Step.of("lock", () -> false, () -> lock.take(context, plan)),
                    Step.telling(CONNECTOR, () -> connector.isPresent() || rows.connected(), this::fetchConnector)
                            .guardedBy(() -> rows.requireStopped()),
                    Step.telling(RESERVE, () -> rows.fresh().isPresent(), this::reserve)
                            .guardedBy(() -> rows.requireStopped()),
                    removal(),
                    Step.telling(DELETE, () -> rows.oldAttachments().isEmpty(), this::deleteOld)
                            .guardedBy(() -> rows.requireStopped()),
                    Step.telling(UPDATE, () -> rows.connected(), this::connect).guardedBy(() -> rows.requireStopped()),
                    Step.of("compare", () -> rows.saved(), this::compare),
                    Step.of("save", () -> rows.saved(), this::save).guardedBy(() -> rows.requireStopped()),
                    Step.telling(COMPLETE, () -> rows.completed(), this::complete),
                    Step.of("unlock", () -> false, () -> lock.release(context, plan, Optional.empty())));
        }

        private Step removal() {
            Step called =
                    Step.telling(REMOVE, this::removed, this::removeFromHost).guardedBy(() -> rows.requireStopped());
            return switch (plan.waiting()) {
                case FOR_ANSWER -> called;
                case FOR_REPORT -> called.castBy(new CastStep(
                        this::hasAgent, computes.reportTimeout(), this::lookBefore, this::castRemoval,
                        this::reported));
            };
        }

        private Map<String, Object> reported(Supplier<Map<String, Object>> answer) {
            Map<String, Object> told = new LinkedHashMap<>(answer.get());
            told.putAll(by(REMOVE, Performer.COMPUTE_AGENT, rows.instance().host()));
            return told;
        }

        /** Steps that are done, and who did them. */
        List<RefreshReport.Step> of(List<String> done) {
            return named(done, performers);
        }

        private Map<String, Object> by(String step, Performer performer, Optional<String> where) {
            performers.put(step, performer.program() + where.map(" of "::concat).orElse(""));
            return Map.of("performer", performer.program());
        }

        /**
         * The way back. While the old attachment lives, that is where things were. Once it is gone, the new one keeps
         * the volume for the instance, and the mapping points to it without connection_info.
         *
         * @param failure told to the instance's users
         */
        List<Step> backward(ServiceException failure) {
            return steps().stream().map(step -> switch (step.name()) {
                case "lock" -> step.undoing(() -> lock.release(context, plan, Optional.of(failure.getMessage())));
                case RESERVE -> step.undoing(this::releaseOrKeep);
                case REMOVE -> step.undoing(this::exportOldAgain);
                default -> step;
            }).toList();
        }

        /** Whether host or backend are known to have let go of what they had. */
        boolean hasLetGo() {
            return look().lacks(seenBefore());
        }

        /** What stands now in rows, host and backend. */
        RefreshLeft left() {
            if (rows.mapping().isEmpty()) {
                return new RefreshLeft.Deleted(plan.newAttachmentId(), rows.fresh().isPresent());
            }
            BlockDevice device = rows.device();
            if (rows.saved()) {
                return new RefreshLeft.Saved();
            }
            if (!rows.keepsOld()) {
                boolean mapped = device.attachmentId().equals(Optional.of(plan.newAttachmentId()));
                return new RefreshLeft.LostOld(plan.newAttachmentId(), rows.fresh().isPresent(), mapped);
            }
            if (rows.fresh().isPresent() || !device.attachmentId().equals(plan.oldAttachmentId())
                    || lock.isHeld(plan)) {
                return new RefreshLeft.Mixed("new attachment " + plan.newAttachmentId()
                        + (rows.fresh().isPresent() ? " is still there" : " is gone") + ", the mapping names "
                        + device.attachmentId().orElse("none") + ", instance " + plan.instanceUuid()
                        + (lock.isHeld(plan) ? " is still locked" : " is unlocked"));
            }
            if (!entry.mayHaveRun(REMOVE)) {
                return new RefreshLeft.Untouched();
            }
            Surroundings.Seen now = look();
            return new RefreshLeft.OldAttachment(
                    now.same(seenBefore()), now.text() + "; before it was " + seenBefore().text());
        }

        private Map<String, Object> fetchConnector() {
            Instance instance = rows.instance();
            Map<String, Object> told = new LinkedHashMap<>();
            Map<String, Object> found;
            if (plan.wholeConnector().isPresent()) {
                found = plan.wholeConnector().get();
            } else {
                String host = instance.host().orElse("-");
                switch (RemoteCall.computeOf(instance).query(() -> computes.connector(context, host, deadline))) {
                    case Performed.Done<Map<String, Object>>(Performer performer, Map<String, Object> answer) -> {
                        found = answer;
                        told.putAll(by(CONNECTOR, performer, instance.host()));
                    }
                    case Performed.Absent<Map<String, Object>>(String why) -> found = notedConnector(host, why);
                }
                told.put(CONNECTOR, found); // the old attachment, which may have told it, goes
            }
            RefreshRules.checkHost(instance, found);
            connector = Optional.of(found);
            return told;
        }

        /**
         * The one with which this refresh began is noted: an agent may be gone since, and the old attachment too, of
         * which it is where a nova-compute is, as that tells none.
         */
        private Map<String, Object> notedConnector(String host, String why) {
            return entry.detail(CONNECTOR)
                    .flatMap(noted -> Optional.ofNullable(noted.get(CONNECTOR)))
                    .map(JsonText::of)
                    .map(JsonText::map)
                    .or(() -> rows.oldConnector(host))
                    .orElseThrow(() -> new ServiceException.Unavailable(
                            ErrorCode.NO_CONNECTOR,
                            "The connector of " + host + " is not known: " + why
                                    + ", and no old attachment of that host has one.",
                            "reseat bdm refresh --connector-file FILE " + plan.bdmUuid(), null));
        }

        private Map<String, Object> reserve() {
            if (!attachments.areMadeByCinderApi(context, plan.volumeId(), deadline)) {
                var instance = Optional.of(plan.instanceUuid());
                attachments.reserve(context, plan.newAttachmentId(), plan.volumeId(), instance, Optional.empty());
                return Map.of();
            }
            entry.step(ASKED, Phase.BEGUN, Map.of());
            String id = attachments.make(context, plan.volumeId(), plan.instanceUuid(), deadline);
            follow(plan.withNewAttachment(id));
            by(RESERVE, Performer.CINDER_API, rows.volume().serviceName());
            return Map.of("performer", Performer.CINDER_API.program(), ATTACHMENT, id);
        }

        /** Guest, host, backend and, if the host's service can, the old attachment. */
        private Map<String, Object> removeFromHost() {
            Instance instance = rows.instance();
            lookBefore();
            RemovedConnection removal = RemoteCall.computeOf(instance)
                    .ask(() -> computes.removeVolumeConnection(context, instance, plan.volumeId(), deadline));
            if (removal.attachmentDeleted()) {
                by(DELETE, removal.performer(), instance.host());
            }
            return by(REMOVE, removal.performer(), instance.host());
        }

        /** What shows later than the first time is what this refresh has done. */
        private void lookBefore() {
            Surroundings.Seen seen = look();
            entry.step(
                    entry.detail(SEEN_BEFORE).isEmpty() ? SEEN_BEFORE : SEEN_AGAIN, Phase.DONE,
                    seen.note());
        }

        private boolean hasAgent() {
            Instance instance = rows.instance();
            return RemoteCall.computeOf(instance).query(() -> instance.host().filter(computes::hasAgent).isPresent());
        }

        private void castRemoval(ReportTo reportTo) {
            Instance instance = rows.instance();
            RemoteCall.computeOf(instance)
                    .tell(() -> computes.castRemoval(context, instance, plan.volumeId(), reportTo));
        }

        /**
         * Whether the old connection was taken away, as was answered or reported. Where that is not known it is asked
         * for again: the agent may have notes of the first time, which it forgets only then.
         */
        private boolean removed() {
            return entry.has(REMOVE, Phase.DONE) || rows.connected();
        }

        private Map<String, Object> deleteOld() {
            Map<String, Object> told = Map.of();
            for (Attachment old : rows.oldAttachments()) {
                rows.requireStopped();
                Optional<Performer> performer = attachments.remove(context, old, deadline);
                if (performer.isPresent()) {
                    told = by(DELETE, performer.get(), rows.volume().serviceName());
                }
            }
            return told;
        }

        private Map<String, Object> connect() {
            Map<String, Object> withMountpoint = new LinkedHashMap<>(connector.orElseThrow());
            rows.device().deviceName().ifPresent(name -> withMountpoint.put("mountpoint", name));
            Performer performer = attachments.connect(context, plan.newAttachmentId(), withMountpoint, deadline);
            return by(UPDATE, performer, rows.volume().serviceName());
        }

        /** What cannot be connection_info is not saved over what was there. */
        private void compare() {
            Map<String, Object> info = StoredConnectionInfo.nested(attachments.show(context, plan.newAttachmentId()))
                    .orElse(Map.of());
            boolean usable = info.get("driver_volume_type") instanceof String
                    && info.get("data") instanceof Map<?, ?> data && !data.isEmpty();
            if (!usable) {
                throw new ServiceException.Failed(
                        "The volume service answered no connection_info for attachment " + plan.newAttachmentId() + ".",
                        null, null);
            }
        }

        private void save() {
            Attachment attachment = attachments.show(context, plan.newAttachmentId());
            mappings.point(plan, Optional.of(StoredConnectionInfo.forBlockDevice(attachment)));
        }

        private Map<String, Object> complete() {
            return attachments.complete(context, plan.newAttachmentId(), deadline)
                    ? by(COMPLETE, Performer.CINDER_API, rows.volume().serviceName())
                    : Map.of();
        }

        private void releaseOrKeep() {
            recognise();
            if (rows.keepsOld() || rows.mapping().isEmpty()) {
                rows.fresh().ifPresent(attachment -> attachments.remove(context, attachment, deadline));
            } else if (!rows.saved()) {
                if (rows.fresh().isEmpty()) {
                    entry.step(RESERVE, Phase.DONE, reserve());
                }
                if (rows.isStopped()) {
                    mappings.point(plan, Optional.empty());
                }
            }
        }

        /** A backend that has let go of an attachment which is still there exports it again to the host it names. */
        private void exportOldAgain() {
            Surroundings.Seen then = seenBefore();
            if (rows.mapping().isEmpty() || !rows.keepsOld() || then.exported() != Answer.YES
                    || look().exported() != Answer.NO) {
                return;
            }
            for (Attachment old : rows.oldAttachments()) {
                attachments.exportAgain(context, old, deadline);
            }
        }

        private Surroundings.Seen look() {
            String host = plan.host().or(() -> rows.instance().host()).orElse("-");
            return surroundings.look(
                    context, rows.volume(), rows.oldAttachments(), plan.instanceUuid(), host, deadline);
        }

        private Surroundings.Seen seenBefore() {
            return Surroundings.Seen.noted(entry.detail(SEEN_BEFORE));
        }
    }
}
