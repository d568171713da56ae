package io.athanor.apitest;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.Approvals;
import io.athanor.domain.port.BlobStore;
import io.athanor.domain.port.ChainStatus;
import io.athanor.domain.port.Contact;
import io.athanor.domain.port.ContractDirectory;
import io.athanor.domain.port.LogStore;
import io.athanor.domain.port.Payouts;
import io.athanor.domain.port.Telemetry;
import io.athanor.domain.view.WithdrawalView;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Files, logs, heartbeats and signatures in memory, with the ports' rules. */
final class MemoryStores
        implements BlobStore, LogStore, Telemetry, Contact, Approvals, Payouts, ContractDirectory, ChainStatus {
    final Map<Sha256, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<Sha256, Instant> stored = new ConcurrentHashMap<>();
    final Map<LeaseId, ByteArrayOutputStream> logs = new ConcurrentHashMap<>();
    final Map<MachineId, Heartbeat> heartbeats = new ConcurrentHashMap<>();
    final Map<MachineId, Instant> heard = new ConcurrentHashMap<>();
    private final Set<Wallet> relayed = ConcurrentHashMap.newKeySet();
    final List<String> approved = new CopyOnWriteArrayList<>();

    @Override
    public long put(Use use, Sha256 expected, InputStream content, long maxBytes) throws IOException {
        byte[] bytes = content.readNBytes((int) Math.min(maxBytes + 1, Integer.MAX_VALUE - 8));
        Refused.unless(bytes.length <= maxBytes, Reason.TOO_LARGE, "at most " + maxBytes);
        Refused.unless(Sha256.of(bytes).equals(expected), Reason.MALFORMED, "the content hashes otherwise");
        blobs.put(expected, bytes);
        stored.put(expected, Instant.now());
        return bytes.length;
    }

    @Override
    public long room(Use use) {
        return Long.MAX_VALUE;
    }

    @Override
    public long forget(Instant before, Predicate<Sha256> needed) {
        long known = blobs.size();
        blobs.keySet()
                .removeIf(digest -> !needed.test(digest)
                        && stored.getOrDefault(digest, Instant.MAX).isBefore(before));
        return known - blobs.size();
    }

    @Override
    public Optional<InputStream> open(Sha256 digest) {
        return Optional.ofNullable(blobs.get(digest)).map(ByteArrayInputStream::new);
    }

    @Override
    public Optional<Long> size(Sha256 digest) {
        return Optional.ofNullable(blobs.get(digest)).map(bytes -> (long) bytes.length);
    }

    @Override
    public synchronized long append(LeaseId lease, long offset, byte[] chunk) {
        ByteArrayOutputStream log = logs.computeIfAbsent(lease, key -> new ByteArrayOutputStream());
        long known = log.size();
        if (offset <= known && offset + chunk.length > known) {
            int skip = (int) (known - offset);
            log.write(chunk, skip, chunk.length - skip);
        }
        return log.size();
    }

    @Override
    public synchronized byte[] read(LeaseId lease, long offset, int maxBytes) {
        ByteArrayOutputStream log = logs.get(lease);
        if (log == null || offset >= log.size()) {
            return new byte[0];
        }
        byte[] all = log.toByteArray();
        return Arrays.copyOfRange(all, (int) offset, (int) Math.min(all.length, offset + maxBytes));
    }

    @Override
    public synchronized long size(LeaseId lease) {
        ByteArrayOutputStream log = logs.get(lease);
        return log == null ? 0 : log.size();
    }

    @Override
    public void heartbeat(MachineId machine, Heartbeat heartbeat, Instant at) {
        heartbeats.put(machine, heartbeat);
    }

    @Override
    public void heard(MachineId machine, Instant at) {
        heard.put(machine, at);
    }

    @Override
    public List<CosignDuty> waitingFor(Wallet signer) {
        return List.of();
    }

    @Override
    public void approve(CosignKind kind, long number, Wallet signer, String signature) {
        approved.add(kind + " " + number + " " + signer + " " + signature);
    }

    @Override
    public WithdrawalView of(Wallet wallet) {
        return new WithdrawalView(wallet, Ath.ofWei(7), Ath.ofWei(3), relayed.contains(wallet), null);
    }

    @Override
    public void relay(Wallet wallet, boolean wanted) {
        if (wanted) {
            relayed.add(wallet);
        } else {
            relayed.remove(wallet);
        }
    }

    @Override
    public Optional<WithdrawalView.Claim> release(PoolId pool) {
        return Optional.empty();
    }

    @Override
    public Deployed contracts() {
        Wallet vault = Wallet.parse("0x00000000000000000000000000000000000000aa");
        return new Deployed(
                31_337, vault, 3, List.of(new Contract("AthVault", vault, Hash32.ZERO, "[{\"type\":\"event\"}]")));
    }

    private volatile boolean halted = true;

    @Override
    public Report report() {
        List<Halt> halts = halted ? List.of(new Halt("OUTBOUND", "because", Instant.EPOCH)) : List.of();
        Submitter submitter = new Submitter("0x00", "5", "9", true, "1");
        return new Report(List.of(), halts, null, List.of(), 0, 0, 0, 4, 6L, submitter, null, List.of());
    }

    @Override
    public void resume() {
        halted = false;
    }
}
