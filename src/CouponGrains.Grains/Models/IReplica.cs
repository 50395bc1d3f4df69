using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Grains.Models;

/// <summary>What this silo ranks from: its own copy of the model in force, the active campaigns and the
/// catalog.</summary>
public interface IReplica
{
    /// <summary>The copy. Take it once and keep to it for the length of one answer.</summary>
    OfferIndex Current { get; }

    /// <summary>The model in force as it was trained; that of <see cref="Current"/> has rows for newer items
    /// too.</summary>
    ModelSnapshot? Trained { get; }

    /// <summary>True once it holds the model in force, or knows that there is none.</summary>
    bool IsReady { get; }

    /// <summary>An offer in force, or null.</summary>
    Offer? Find(OfferId offer);

    /// <summary>Ends when everything that was stored before the call is in <see cref="Current"/>.</summary>
    Task Refresh(CancellationToken cancel);
}
