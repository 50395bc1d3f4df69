namespace CouponGrains.Domain.Offers;

/// <summary>Which offers a campaign accepts.</summary>
public static class OfferRules
{
    /// <summary>The first rule that the guardrails themselves break (a range upside down, mixed currencies, nothing
    /// allowed), or null.</summary>
    public static Refusal? Check(Guardrails guardrails) => throw new NotImplementedException();

    /// <summary>The first rule that <paramref name="offer"/> breaks: its own consistency first, then the guardrails. The
    /// margin floor is checked over <paramref name="catalog"/>, for the items in scope.</summary>
    public static Refusal? Check(Offer offer, Guardrails guardrails, Catalog.CatalogIndex catalog) => throw new NotImplementedException();
}
