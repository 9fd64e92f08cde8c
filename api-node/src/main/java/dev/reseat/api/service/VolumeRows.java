package dev.reseat.api.service;

import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.Volume;

/** What Cinder's and Nova's rows said of one volume when they were read. */
public record VolumeRows(Volume volume, NovaRecords nova) {}
