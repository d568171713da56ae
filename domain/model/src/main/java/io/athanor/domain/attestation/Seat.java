package io.athanor.domain.attestation;

import io.athanor.domain.common.Wallet;

/**
 * A member of a committee and how many of its seats it holds.
 *
 * @param attester the key that signs its reports
 */
public record Seat(Wallet checker, Wallet attester, int seats) {}
