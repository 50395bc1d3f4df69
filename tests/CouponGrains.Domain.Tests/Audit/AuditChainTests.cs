using System.Text.Json;
using CouponGrains.Domain.Audit;
using CsCheck;

namespace CouponGrains.Domain.Tests.Audit;

public sealed class AuditChainTests
{
    private const string Seed = "0N0XIzNsQ0O2";

    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.Const(""), Gen.String[Gen.Char['a', 'c'], 0, 3], Gen.String[0, 4]);

    private static readonly Gen<AuditDifference> Difference = Gen.Select(Word, Word, Word, Gen.Int[0, 3],
        (path, before, after, none) => new AuditDifference(path, none == 1 ? null : before, none == 2 ? null : after));

    private static readonly Gen<AuditEntry> Entry = Gen.Select(
        Gen.Long[0, 1_000_000], Gen.Int[1, 4], Word, Word, Gen.Int[1, 3], Difference.Array[0, 3],
        (ticks, kind, action, target, outcome, changes) => new AuditEntry
        {
            At = new(ticks, TimeSpan.Zero),
            Actor = new((ActorKind)kind, "id"),
            Action = action,
            Target = target,
            Outcome = (AuditOutcome)outcome,
            Changes = changes,
        });

    private static readonly Gen<List<AuditEvent>> Chain = Entry.Array[2, 12].Select(Link);

    [Fact]
    public void A_chain_that_was_only_appended_to_holds_and_tells_its_end() => Chain.Sample(chain =>
    {
        var check = Look(chain);
        Assert.True(check.Holds);
        Assert.Equal(new AuditHead(chain.Count, chain[^1].Hash), check.Head);
        Assert.Equal(check, chain.Skip(1).Aggregate(AuditCheck.Begin.With(chain[0]), (sofar, next) => sofar.With(next)));
    }, seed: Seed, iter: 300);

    [Fact]
    public void A_record_that_was_changed_is_found_at_its_place() =>
        Gen.Select(Chain, Gen.Int[0, 100], Entry).Sample((chain, at, entry) =>
        {
            at %= chain.Count;
            var was = chain[at];
            chain[at] = new(entry, was.Number, was.Previous, was.Hash);
            var same = AuditChain.HashOf(chain[at]) == was.Hash;
            Assert.Equal(same ? null : new AuditFault(at + 1, AuditFaultKind.Changed), Look(chain).Fault);
        }, seed: Seed, iter: 1_000);

    [Fact]
    public void A_record_that_was_changed_and_hashed_again_breaks_the_one_after_it_or_is_not_as_noted() =>
        Gen.Select(Chain, Gen.Int[0, 100]).Sample((chain, at) =>
        {
            at %= chain.Count;
            var (was, end) = (chain[at], new AuditHead(chain.Count, chain[^1].Hash));
            chain[at] = AuditChain.Next(
                new(was.Number - 1, was.Previous), new AuditEntry
                {
                    At = was.At, Actor = was.Actor, Action = was.Action + "!", Target = was.Target, Changes = was.Changes,
                });
            var last = at == chain.Count - 1;
            Assert.Equal(last ? null : new AuditFault(at + 2, AuditFaultKind.Unlinked), Look(chain).Fault);
            Assert.Equal(
                last ? new(at + 1, AuditFaultKind.NotAsNoted) : new AuditFault(at + 2, AuditFaultKind.Unlinked),
                Look(chain, end).Fault);
        }, seed: Seed, iter: 300);

    [Fact]
    public void A_record_that_was_dropped_is_missed_at_its_place_the_last_one_too() =>
        Gen.Select(Chain, Gen.Int[0, 100]).Sample((chain, at) =>
        {
            at %= chain.Count;
            var counted = chain.Count;
            chain.RemoveAt(at);
            Assert.Equal(new(at + 1, AuditFaultKind.Missing), Look(chain).Upto(counted).Fault);
        }, seed: Seed, iter: 300);

    [Fact]
    public void Two_records_that_were_swapped_are_found_whether_they_keep_their_numbers_or_not() =>
        Gen.Select(Chain, Gen.Int[0, 100]).Sample((chain, at) =>
        {
            at %= chain.Count - 1;
            var (one, other) = (chain[at], chain[at + 1]);
            (chain[at], chain[at + 1]) = (other, one);
            Assert.Equal(new(at + 1, AuditFaultKind.Missing), Look(chain).Fault);
            (chain[at], chain[at + 1]) = (other with { Number = one.Number }, one with { Number = other.Number });
            Assert.Equal(new(at + 1, AuditFaultKind.Unlinked), Look(chain).Fault);
        }, seed: Seed, iter: 300);

    [Fact]
    public void A_record_that_was_slipped_in_is_found_at_its_place() =>
        Gen.Select(Chain, Gen.Int[1, 100], Entry).Sample((chain, at, entry) =>
        {
            at = (at % (chain.Count - 1)) + 1;
            var slipped = AuditChain.Next(new(chain[at - 1].Number, chain[at - 1].Hash), entry);
            var renumbered = chain.Skip(at).Select(e => e with { Number = e.Number + 1 });
            var fault = Look([.. chain.Take(at), slipped, .. renumbered]).Fault;
            // If it says just what the next one says, it is the next one that is there twice.
            Assert.Equal(
                (at + 2, true), (fault?.Number, fault?.Kind is AuditFaultKind.Unlinked or AuditFaultKind.Changed));
            Assert.NotNull(Look([.. chain.Take(at), slipped, .. chain.Skip(at)]).Fault);
        }, seed: Seed, iter: 300);

    [Fact]
    public void A_chain_that_was_written_anew_from_the_start_is_known_by_a_head_that_was_noted() =>
        Gen.Select(Chain, Gen.Int[0, 100]).Sample((chain, at) =>
        {
            at %= chain.Count;
            var noted = new AuditHead(chain[at].Number, chain[at].Hash);
            var anew = Link([.. chain.Select(e => new AuditEntry
            {
                At = e.At.AddTicks(1), Actor = e.Actor, Action = e.Action, Target = e.Target,
            })]);
            Assert.True(Look(anew).Holds);
            Assert.Equal(new(at + 1, AuditFaultKind.NotAsNoted), Look(anew, noted).Fault);
            Assert.True(Look(chain, noted).Upto(0, noted).Holds);
            Assert.Equal(AuditFaultKind.Missing, Look(chain).Upto(0, new(chain.Count + 1, noted.Hash)).Fault?.Kind);
        }, seed: Seed, iter: 200);

    [Fact]
    public void Texts_cannot_be_moved_from_one_field_to_the_next()
    {
        var entry = new AuditEntry { At = default, Actor = Actor.System, Action = "ab", Target = "c" };
        var moved = entry with { Action = "a", Target = "bc" };
        Assert.NotEqual(AuditChain.Next(AuditHead.None, entry).Hash, AuditChain.Next(AuditHead.None, moved).Hash);
        var empty = entry with { Changes = [new("", "", null)] };
        var none = entry with { Changes = [new("", null, "")] };
        Assert.NotEqual(AuditChain.Next(AuditHead.None, empty).Hash, AuditChain.Next(AuditHead.None, none).Hash);
    }

    [Fact]
    public void The_bytes_that_are_hashed_stay_what_they_are() => Assert.Equal(
        "5731e885", AuditChain.Next(AuditHead.None, new AuditEntry
        {
            At = new(2026, 11, 20, 9, 30, 0, TimeSpan.Zero), Actor = new(ActorKind.Key, "k_7f3a"),
            Action = AuditActions.CampaignChange, Target = "campaign/autumn", Request = "r-1",
            Changes = [new("/name", "\"Autumn\"", "\"Autumn sale\""), new("/end", null, "1")],
        }).Hash[..8]);

    [Fact]
    public void Heads_and_actors_come_back_from_their_texts()
    {
        var head = new AuditHead(12, new('a', 64));
        Assert.Equal(head, AuditHead.Parse(head.ToString()));
        Assert.All(["", "12", "0:" + head.Hash, "12:ab", "x:" + head.Hash], text => Assert.Null(AuditHead.Parse(text)));
        var actor = new Actor(ActorKind.Key, "k:1");
        Assert.Equal(actor, Actor.Parse(actor.ToString()));
        Assert.All(["", "key", "key:", "boss:me", null], text => Assert.Null(Actor.Parse(text)));
    }

    [Fact]
    public void What_changed_is_told_by_its_place_and_what_is_long_by_its_digest()
    {
        var before = Json("""{"name":"a","budget":{"minor":1,"currency":"USD"},"list":[1,2],"a/b":0}""");
        var after = Json($$$"""{"name":"{{{new string('x', 300)}}}","budget":{"minor":2,"currency":"USD"},"list":[1],"new":true}""");
        var changes = AuditChanges.Between(before, after);
        Assert.Equal(["/name", "/budget/minor", "/list", "/a~1b", "/new"], changes.Select(c => c.Path));
        Assert.Equal(("\"a\"", "sha256:"), (changes[0].Before, changes[0].After![..7]));
        Assert.Equal(("1", "2"), (changes[1].Before, changes[1].After));
        Assert.Equal(("0", null), (changes[3].Before, changes[3].After));
        Assert.Empty(AuditChanges.Between(after, after));
        var many = Json($$"""{{{string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"f{i}\":{i}"))}}}""");
        var whole = Assert.Single(AuditChanges.Between(null, many));
        Assert.Equal(("", null, "sha256:"), (whole.Path, whole.Before, whole.After![..7]));
    }

    [Fact]
    public void A_user_stands_in_the_log_by_a_digest_alone() =>
        Assert.DoesNotContain("ann", AuditTargets.User(new("ann")), StringComparison.Ordinal);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static AuditCheck Look(IEnumerable<AuditEvent> chain, AuditHead? noted = null) =>
        chain.Aggregate(AuditCheck.Begin, (sofar, next) => sofar.With(next, noted));

    private static List<AuditEvent> Link(AuditEntry[] entries)
    {
        var chain = new List<AuditEvent>();
        foreach (var entry in entries)
        {
            chain.Add(AuditChain.Next(chain.Count == 0 ? AuditHead.None : new(chain.Count, chain[^1].Hash), entry));
        }

        return chain;
    }
}
