package dev.reseat.compute.guest;

import dev.reseat.contract.Answer;

/**
 * @param listed whether the guest's definition lists the disk
 * @param running whether the guest runs
 * @param detail what was seen, for the operator
 */
public record GuestDisk(Answer listed, Answer running, String detail) {}
