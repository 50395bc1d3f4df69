using System.Globalization;
using System.Security.Cryptography;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CouponGrains.Api.Wire;

/// <summary>Entity tags (RFC 9110, section 8.8.3). That of an answer is made of its bytes; that of a campaign begins
/// with its revision, and is that alone where the answer holds nothing but the campaign.</summary>
internal static class EntityTags
{
    private const int HashBytes = 12;

    /// <summary>The tag of an answer; <paramref name="revision"/> is null for what has none.</summary>
    public static string Of(int? revision, ReadOnlySpan<byte> body)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, HashBytes));
        return Quoted(revision is null ? hash : $"{Text(revision.Value)}.{hash}");
    }

    /// <summary>A tag as headers have it.</summary>
    public static string Quoted(string tag) => $"\"{tag}\"";

    /// <summary>The tag of a campaign alone.</summary>
    public static string Of(Campaign campaign) => $"\"{Text(campaign.Revision)}\"";

    /// <summary>True if the caller says in <c>If-None-Match</c> that he has what <paramref name="tag"/>
    /// names.</summary>
    public static bool IsKnown(HttpRequest request, string tag) =>
        request.Headers.IfNoneMatch.Count > 0 && EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Tag == tag);

    /// <summary>The revisions that the caller names in <c>If-Match</c>; null if he names none, or any. Tags that are
    /// weak or not ours name a revision that no campaign has.</summary>
    public static IReadOnlyList<int>? Revisions(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            return null;
        }

        return EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags)
            ? tags.Contains(EntityTagHeaderValue.Any) ? null : [.. tags.Select(Revision)]
            : [];
    }

    /// <summary>A refusal if the caller named other revisions than that of <paramref name="campaign"/>.</summary>
    public static Refusal? Check(HttpRequest request, Campaign campaign) =>
        Revisions(request) is { } named && !named.Contains(campaign.Revision)
            ? new(
                RefusalCodes.RevisionChanged,
                $"The campaign is at revision {campaign.Revision} now; read it again.")
            : null;

    private static int Revision(EntityTagHeaderValue tag)
    {
        var text = tag.Tag.AsSpan().Trim('"');
        var end = text.IndexOf('.');
        return !tag.IsWeak && int.TryParse(
            end < 0 ? text : text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : -1;
    }

    private static string Text(int revision) => revision.ToString(CultureInfo.InvariantCulture);
}
