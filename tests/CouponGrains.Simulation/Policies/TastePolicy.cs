using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Simulation.Policies;

/// <summary>Ours: the product's own path. The trainer factorises the behaviour matrix, each user's history is folded
/// into the factors, and the ranker chooses among the offers by their embeddings. Learning again takes in everything
/// that happened since.</summary>
/// <param name="trainer">Makes the trainer of a shop.</param>
/// <param name="training">How to train.</param>
public sealed class TastePolicy(Func<Shop, ITrainer> trainer, TrainingOptions training) : IPolicy
{
    private readonly Dictionary<UserId, UserProfile> _profiles = [];
    private long _applied;

    /// <inheritdoc/>
    public string Name => "ours";

    /// <summary>The offers under the last model.</summary>
    public OfferIndex Index { get; private set; } = OfferIndex.Empty;

    /// <inheritdoc/>
    public async Task Learn(Shop shop, CancellationToken cancel)
    {
        var campaign = shop.Campaign ?? throw new InvalidOperationException("No campaign is under way.");
        var version = new ModelVersion((Index.Model?.Version.Number ?? 0) + 1);
        var trained = await trainer(shop).Train(training, null, ITrainingWatch.None, cancel);
        Index = OfferIndex.Build(ModelArtifact.Read(trained.Artifact.Span, version), [(campaign, shop.Offers)], shop.Catalog);
        await foreach (var recorded in shop.Log.ReadAll(_applied, cancel))
        {
            Apply(recorded, shop);
        }
    }

    /// <inheritdoc/>
    public RankedOffer? Choose(Shop shop, UserRecord user, DateTimeOffset now, Random random) =>
        OfferRanker.Choose(Index, Subject(shop, user), shop.Campaign!.Id, now, random);

    /// <summary>Every offer of the campaign under way, best first, for a user.</summary>
    public IReadOnlyList<RankedOffer> Rank(Shop shop, UserRecord user, DateTimeOffset now) =>
        OfferRanker.Rank(Index, Subject(shop, user), shop.Campaign!.Id, shop.Offers.Count, now);

    private RankingSubject Subject(Shop shop, UserRecord user)
    {
        var profile = Profile(user.Id);
        profile.Record = user;
        return new(profile, TasteVector.Fold(profile, Index.Model!), shop.Wallet(user.Id),
            SequenceState.Replay(Index.Model!, profile.Recent));
    }

    private void Apply(RecordedEvent recorded, Shop shop)
    {
        var item = recorded.Event.Item is { } id ? shop.Catalog.Get(id) : null;
        Profile(recorded.Event.User).Apply(recorded, item);
        _applied = recorded.Sequence;
    }

    private UserProfile Profile(UserId user)
    {
        if (!_profiles.TryGetValue(user, out var profile))
        {
            profile = new(new() { Id = user }, training.Weights, Index.Model!.Reference);
            _profiles.Add(user, profile);
        }

        return profile;
    }
}
