package io.athanor.agent.checker;

import io.athanor.domain.common.Wallet;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;

/**
 * How one checker node is set up.
 *
 * @param data folder of the rounds' files
 * @param server the control plane
 * @param wallet the checker's wallet, whose key is not here
 * @param attesterKey file of the hot key that the wallet authorised
 * @param listen where machines dial in; the public endpoint leads here
 */
public record CheckerSettings(Path data, URI server, Wallet wallet, Path attesterKey, InetSocketAddress listen) {}
