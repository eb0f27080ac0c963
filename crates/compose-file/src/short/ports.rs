//! `[[ip:][host]:]container[/protocol]`, with ranges on both sides.

use std::net::IpAddr;

use crate::limits;

/// One port of a short form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShortPort {
    pub(crate) host_ip: String,
    pub(crate) published: String,
    pub(crate) target: u16,
    pub(crate) protocol: &'static str,
}

/// Reads a short form. A range gives one entry a port, in the order in which Compose prints them: by the text of the
/// port and the protocol.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse_ports(text: &str) -> Result<Vec<ShortPort>, String> {
    let (ip, host, container) = split(text);
    let (container, protocol) = container.split_once('/').map_or((container, "tcp"), |(port, protocol)| {
        (port, if protocol.is_empty() { "tcp" } else { protocol })
    });
    if container.is_empty() {
        return Err(format!("`{text}` has no container port"));
    }
    let protocol = ["tcp", "udp", "sctp"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(protocol))
        .ok_or_else(|| format!("`{protocol}` is not a protocol; use tcp, udp or sctp"))?;
    let ip = parse_ip(ip)?;
    let (first, last) = range(container).ok_or_else(|| no_port(container, "container"))?;
    if first == 0 {
        return Err("0 is not a container port: ports begin at 1".to_owned());
    }
    let published = match host {
        "" => None,
        _ => Some(range(host).ok_or_else(|| no_port(host, "host"))?),
    };
    if let Some((host_first, host_last)) = published
        && first != last
        && last - first != host_last - host_first
    {
        let (ours, theirs) = (host_last - host_first, last - first);
        return Err(format!(
            "the range `{host}` has {} ports and `{container}` has {}: both must have the same number",
            u32::from(ours) + 1,
            u32::from(theirs) + 1
        ));
    }
    let mut list = Vec::with_capacity(usize::from(last - first).min(limits::PORTS) + 1);
    for (index, target) in (first..=last).enumerate() {
        let published = match published {
            None => String::new(),
            Some((host_first, host_last)) if first == last && host_first != host_last => {
                format!("{host_first}-{host_last}")
            }
            Some((host_first, _)) => (usize::from(host_first) + index).to_string(),
        };
        list.push(ShortPort { host_ip: ip.clone(), published, target, protocol });
    }
    if list.len() > 1 {
        list.sort_by_cached_key(|port| format!("{}/{}", port.target, port.protocol));
    }
    Ok(list)
}

/// Address, host port and container port. What is left of the last two colons is the address.
fn split(text: &str) -> (&str, &str, &str) {
    let Some((rest, container)) = text.rsplit_once(':') else { return ("", "", text) };
    match rest.rsplit_once(':') {
        Some((ip, host)) => (ip, host, container),
        None => ("", rest, container),
    }
}

fn parse_ip(text: &str) -> Result<String, String> {
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').ok_or_else(|| format!("`{text}` lacks its closing bracket"))?,
        None => text,
    };
    if !bare.is_empty() && bare.parse::<IpAddr>().is_err() {
        return Err(format!("`{bare}` is not an IP address"));
    }
    Ok(bare.to_owned())
}

/// Why a text is no port.
fn no_port(text: &str, side: &str) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    if digits(first) && digits(last) {
        if [first, last].iter().all(|port| port.parse::<u16>().is_ok()) {
            return format!("the range `{text}` ends before it begins");
        }
        return format!("`{text}` is out of range: the last port is 65535");
    }
    format!("`{text}` is not a {side} port: it is a number, or a range such as 8000-8010")
}

fn range(text: &str) -> Option<(u16, u16)> {
    let number = |text: &str| -> Option<u16> {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
    };
    match text.split_once('-') {
        Some((first, last)) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some((first, last))
        }
        None => number(text).map(|port| (port, port)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> Vec<String> {
        parse_ports(text)
            .unwrap()
            .into_iter()
            .map(|p| format!("{}|{}|{}/{}", p.host_ip, p.published, p.target, p.protocol))
            .collect()
    }

    #[test]
    fn short_forms() {
        for (text, expected) in [
            ("80", &["||80/tcp"] as &[_]),
            ("8080:80", &["|8080|80/tcp"]),
            ("53:53/UDP", &["|53|53/udp"]),
            ("80/", &["||80/tcp"]),
            ("127.0.0.1:8080:80", &["127.0.0.1|8080|80/tcp"]),
            ("127.0.0.1::53/udp", &["127.0.0.1||53/udp"]),
            ("[::1]:80:80", &["::1|80|80/tcp"]),
            ("::1:80:80", &["::1|80|80/tcp"]),
            ("3000-3002", &["||3000/tcp", "||3001/tcp", "||3002/tcp"]),
            ("8-10:18-20", &["|8|18/tcp", "|9|19/tcp", "|10|20/tcp"]),
            ("9-10:9-10", &["|10|10/tcp", "|9|9/tcp"]),
            ("3000-3002:80", &["|3000-3002|80/tcp"]),
            (":80", &["||80/tcp"]),
        ] {
            assert_eq!(show(text), expected, "{text}");
        }
    }

    #[test]
    fn mistakes() {
        for text in [
            "",
            "x",
            "80:x",
            "x:80",
            "1-2:1-3",
            "2-1",
            "70000",
            "80/icmp",
            "1.2.3:80:80",
            "[::1:80:80",
            "-1",
            "80:",
        ] {
            assert!(parse_ports(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_largest_range_is_bounded() {
        assert_eq!(parse_ports("1-65535:1-65535").unwrap().len(), 65535);
    }
}
