package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.audit.ExportLine;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.contracts.Calls;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.epoch.RecordLeaf;
import io.athanor.domain.epoch.RecordLog;
import io.athanor.domain.epoch.RecordLog.Checkpoint;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The event log's way to the chain: whoever has its export makes the anchored root again. */
@Tag("chain")
@Tag("postgres")
class HistoryIT {
    private static final long NEXT_DAY = 500;

    private final ChainWorld world = ChainWorld.create();
    private final Settlements settlements = new Settlements(world);
    private ProjectorLoop loop = world.loop();

    @AfterEach
    void close() {
        world.close();
    }

    private List<byte[]> export() {
        return world.log.read(0, Integer.MAX_VALUE).stream()
                .map(stored -> ExportLine.of(stored).text().getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** As an auditor makes them, from nothing but the export. */
    private List<Checkpoint> states() {
        RecordLog log = new RecordLog(Json::digest);
        List<Checkpoint> states = new ArrayList<>();
        for (byte[] line : export()) {
            ExportLine read = ExportLine.parse(new String(line, StandardCharsets.UTF_8));
            log.take(read.event(), read.number(), line).ifPresent(states::add);
        }
        return states;
    }

    private SettlementLog contract() {
        return Contracts.log(world.contracts.log(), world.web3j);
    }

    @Test
    void theAnchoredRootIsThatOfTheExport() {
        world.begin(world.clock.instant());
        settlements.settleAndClose(0);
        world.steps(loop);
        loop = world.loop();
        settlements.settleAndClose(NEXT_DAY);
        world.steps(loop);

        List<Checkpoint> states = states();
        assertThat(states).hasSize(2);
        assertThat(world.message(CosignKind.RECORDS, 2).state()).isEqualTo(MessageTables.State.FINAL);
        var anchored = Calls.read(contract().anchored());
        assertThat(anchored.component1()).isEqualTo(states.get(1).size());
        assertThat(Hash32.of(anchored.component2())).isEqualTo(states.get(1).root());
    }

    /** The contract says what the event log was at the day's end, and the export has each event under it. */
    @Test
    void aContractCallProvesTheEventLogsState() {
        world.begin(world.clock.instant());
        settlements.settleAndClose(0);
        world.steps(loop);

        List<byte[]> records = world.tables.records().leaves(states().getFirst().size());
        int last = records.size() - 1;
        MerkleTree history = MerkleTree.of(export().subList(0, closing()));
        byte[] leaf = RecordLeaf.history(history.size(), history.size(), history.root());
        assertThat(records.get(last)).isEqualTo(leaf);
        assertThat(proves(last, leaf, MerkleTree.of(records))).isTrue();
        byte[] oneEventMore = RecordLeaf.history(history.size() + 1L, history.size(), history.root());
        assertThat(proves(last, oneEventMore, MerkleTree.of(records))).isFalse();
    }

    /** The index of the event that fixed the state. */
    private int closing() {
        return Math.toIntExact(world.log.read(0, Integer.MAX_VALUE).stream()
                .filter(stored -> stored.name().equals(EventCatalogue.nameOf(EpochClosed.class)))
                .findFirst()
                .orElseThrow()
                .index());
    }

    private boolean proves(int position, byte[] leaf, MerkleTree records) {
        return Calls.read(contract()
                .verifyRecord(
                        BigInteger.valueOf(position),
                        BigInteger.valueOf(LeafKind.HISTORY.number()),
                        Arrays.copyOfRange(leaf, 1, leaf.length),
                        records.inclusionProof(position).stream()
                                .map(Hash32::bytes)
                                .toList()));
    }

    @Test
    void nobodySignsBeforeTheEventLogIsHashed() {
        world.begin(world.clock.instant());
        settlements.settleAndClose(0);
        assertThat(world.tables.records().checkpoint(1)).isEmpty();
        assertThat(world.message(CosignKind.RECORDS, 1).state()).isEqualTo(MessageTables.State.SEALED);
        new HistoryKeeper(world.log, world.tables.history()).tick();
        assertThat(world.tables.records().checkpoint(1)).contains(states().getFirst());
    }
}
