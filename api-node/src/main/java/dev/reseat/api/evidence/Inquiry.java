package dev.reseat.api.evidence;

import dev.reseat.api.model.Volume;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;

/**
 * What is to be found out: everything about one volume.
 *
 * @param context who asks
 * @param volume with its attachments, as just read
 * @param nova what Nova's rows say of it, as just read
 * @param deadline by when all answers must be there
 */
public record Inquiry(RequestContext context, Volume volume, NovaRecords nova, Deadline deadline) {}
