using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Campaigns;

/// <summary>A campaign that works as it stands.</summary>
/// <param name="Name">Its name, as in <c>retail-season</c>.</param>
/// <param name="Sector">For which trade: retail, catering, travel or finance.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Description">What its offers give to whom.</param>
/// <param name="Days">How many days it runs, unless the order says otherwise.</param>
public sealed record CampaignTemplate(string Name, string Sector, string Title, string Description, int Days)
{
    /// <summary>Whom it addresses.</summary>
    public Audience Audience { get; init; } = new();

    /// <summary>How often a user is given its coupons.</summary>
    public Caps Caps { get; init; } = new();

    /// <summary>The most that one redemption gives, in units; see <see cref="CampaignTemplates.Unit"/>.</summary>
    internal int CapUnits { get; init; } = 20;

    /// <summary>Its offers, for amounts in units; id, campaign and title are filled in.</summary>
    internal Func<Func<int, Money>, IReadOnlyList<Offer>> Offers { get; init; } = _ => [];
}

/// <summary>A wish for a campaign made from a template.</summary>
public sealed record TemplateOrder
{
    /// <summary>The template's name.</summary>
    public required string Template { get; init; }

    /// <summary>The campaign's id.</summary>
    public required CampaignId Id { get; init; }

    /// <summary>A name for people; null: the template's title.</summary>
    public string? Name { get; init; }

    /// <summary>The first instant; null: now.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The instant from which it is over; null: after the template's days.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>IANA name of its time zone.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The budget, whose currency is the campaign's; null: 1000 units of US dollars.</summary>
    public Money? Budget { get; init; }
}
