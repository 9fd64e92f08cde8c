package dev.reseat.api.service;

import dev.reseat.api.service.diagnosis.Probes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a diagnosis of one page of volumes rests on, written down; without secrets.
 *
 * @param at when
 * @param cinder rows of each of Cinder's tables, column to text, NULL left out
 * @param nova the same of Nova's, of the cells that have answered
 * @param silentCells why the rows of other cells are not among them
 * @param probes what hosts and backends have answered, by volume
 * @param missing ids that were asked for and do not exist, or do not fit the other conditions
 * @param next what to ask for after this page; empty if it was the last
 */
public record Capture(
        Instant at,
        Map<String, List<Map<String, String>>> cinder,
        Map<String, List<Map<String, String>>> nova,
        List<String> silentCells,
        Map<String, Probes> probes,
        List<String> missing,
        Optional<String> next) {}
