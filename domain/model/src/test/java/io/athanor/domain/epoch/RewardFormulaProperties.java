package io.athanor.domain.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.RewardStatement.AccountLines;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.SampleEpoch;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RewardFormulaProperties {
    private static final int EPOCHS = 3_000;

    private static ProtocolParameters parameters(Samples samples) {
        return SampleParameters.with(SampleParameters.reward(
                samples.between(0, 3_000), samples.between(0, 900_000), samples.between(0, 1_000_000)));
    }

    private static EpochFacts facts(Samples samples, ProtocolParameters parameters) {
        Ath providers = samples.upTo(Ath.ofWhole(5_000_000));
        Ath checkers = samples.upTo(Ath.ofWhole(1_000_000));
        long epoch = samples.between(0, 30_000);
        return SampleEpoch.facts(samples, epoch, parameters.reward().protocolFeeBps(), providers, checkers);
    }

    @Test
    void moneyIsConservedAndReservesAreNotPassed() {
        Cases.forAll(EPOCHS, samples -> {
            ProtocolParameters parameters = parameters(samples);
            EpochFacts facts = facts(samples, parameters);
            RewardStatement s = RewardFormula.compute(facts, parameters);
            Ath earned = Ath.sum(s.accounts().stream().map(AccountLines::earned).toList());
            Ath in = s.clientCost().plus(s.providerEmission()).plus(s.checkerEmission());
            assertThat(earned.plus(s.protocolFee())).isEqualTo(in);
            assertThat(s.balanced()).isTrue();
            assertThat(facts.providerReserveLeft().covers(s.providerEmission())).isTrue();
            assertThat(facts.checkerReserveLeft().covers(s.checkerEmission())).isTrue();
            assertThat(s.accounts()).extracting(AccountLines::wallet).isSorted().doesNotHaveDuplicates();
            long holds = s.accounts().stream().mapToLong(a -> a.holds().size()).sum();
            assertThat(holds).isEqualTo(facts.tasks().size());
        });
    }

    @Test
    void theOrderOfTheFactsDoesNotMatter() {
        Cases.forAll(1_000, samples -> {
            ProtocolParameters parameters = parameters(samples);
            EpochFacts facts = facts(samples, parameters);
            EpochFacts shuffled = new EpochFacts(
                    facts.epoch(),
                    samples.shuffled(facts.tasks()),
                    samples.shuffled(facts.machines()),
                    samples.shuffled(facts.checkers()),
                    facts.providerReserveLeft(),
                    facts.checkerReserveLeft());
            assertThat(RewardFormula.compute(shuffled, parameters)).isEqualTo(RewardFormula.compute(facts, parameters));
        });
    }

    /** With its own job in the epoch a wallet has less than with the same machines left idle, by at least a tenth of the fee. */
    @Test
    void dealingWithOneselfLoses() {
        Cases.forAll(EPOCHS, samples -> {
            ProtocolParameters parameters = parameters(samples);
            EpochFacts idle = facts(samples, parameters);
            Wallet self = idle.machines().isEmpty()
                    ? samples.wallet()
                    : idle.machines().getFirst().provider();
            Wallet sybil = samples.chance(50) ? self : samples.wallet();
            Ath cost = Ath.ofWei(samples.random().nextLong(1, 1_000_000_000_000_000_000L));
            AssessedTask own = SampleEpoch.task(
                    samples.task(),
                    sybil,
                    self,
                    Outcome.DELIVERED,
                    cost,
                    cost,
                    parameters.reward().protocolFeeBps());
            List<AssessedTask> more = new ArrayList<>(idle.tasks());
            more.add(own);
            EpochFacts dealing = new EpochFacts(
                    idle.epoch(),
                    more,
                    idle.machines(),
                    idle.checkers(),
                    idle.providerReserveLeft(),
                    idle.checkerReserveLeft());
            BigInteger loss = net(RewardFormula.compute(idle, parameters), self, sybil)
                    .subtract(net(RewardFormula.compute(dealing, parameters), self, sybil));
            BigInteger tenth = own.assessment().protocolFee().wei().divide(BigInteger.TEN);
            assertThat(loss).isGreaterThanOrEqualTo(tenth);
            assertThat(loss.signum() > 0 || own.assessment().protocolFee().isZero())
                    .isTrue();
        });
    }

    /** What the two wallets of one owner have after the epoch, against before. */
    private static BigInteger net(RewardStatement statement, Wallet self, Wallet sybil) {
        BigInteger sum = BigInteger.ZERO;
        for (AccountLines account : statement.accounts()) {
            if (account.wallet().equals(self) || account.wallet().equals(sybil)) {
                sum = sum.add(account.earned().wei()).subtract(account.cost().wei());
            }
        }
        return sum;
    }
}
